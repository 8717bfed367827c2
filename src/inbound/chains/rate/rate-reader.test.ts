import fc from 'fast-check';
import { ScriptedChain, scriptedBlock } from '../../../../test/support/scripted-chain';
import type { CallAnswer, Hex } from '../../reader';
import { calldata } from '../words';
import { rateReader, vaultReader } from './rate-reader';

const TOKEN = '0x7f39c581f595b53c5cb19bd0b3f8da6c935e2ca0';
const ASSET = '0x6b175474e89094c44da98b954eedeac495271d0f';
const BLOCK = scriptedBlock(100);
const word = (value: bigint): Hex => calldata('0x', value);

describe(rateReader.name, () => {
  const reader = rateReader({ id: 'rate:WSTETH/USD', address: TOKEN, selector: '0x035faf82', decimals: 18 });
  const read = (answer: CallAnswer) => {
    const chain = new ScriptedChain();
    chain.answer(TOKEN, '0x035faf82', answer);
    return chain.converse(reader.read(BLOCK, BLOCK.at));
  };

  test('reads the rate as an exact decimal, as old as the block', () => {
    const rate = word(1_215_348_126_730_458_321n);
    expect(read(rate)).toEqual({ kind: 'read', value: '1.215348126730458321', updatedAt: BLOCK.at });
  });

  test.each<[string, CallAnswer, string]>([
    ['a rate of zero', word(0n), 'notPositive'],
    ['a contract without the view', { reverted: 'execution reverted' }, 'reverted'],
    ['an address where no contract is', '0x', 'wrongShape'],
    ['two words', `${word(1n)}${'0'.repeat(64)}`, 'wrongShape'],
  ])('refuses %s', (_, answer, reason) => {
    expect(read(answer)).toMatchObject({ kind: 'refused', reason });
  });
});

describe(vaultReader.name, () => {
  const reader = vaultReader({ id: 'erc4626:SDAI/USD', address: TOKEN, asset: ASSET });
  const vault = (shareDecimals: CallAnswer, asset: CallAnswer, assetDecimals: CallAnswer, assets: CallAnswer) => {
    const chain = new ScriptedChain();
    chain.answer(TOKEN, '0x313ce567', shareDecimals);
    chain.answer(TOKEN, '0x38d52e0f', asset);
    chain.answer(ASSET, '0x313ce567', assetDecimals);
    for (const decimals of [6n, 18n]) chain.answer(TOKEN, calldata('0x07a2d13a', 10n ** decimals), assets);
    return chain.converse(reader.read(BLOCK, BLOCK.at));
  };
  const dai = word(BigInt(ASSET));

  test('reads what one whole share converts to', () => {
    expect(vault(word(18n), dai, word(18n), word(1_130_000_000_000_000_000n))).toEqual({
      kind: 'read',
      value: '1.130000000000000000',
      updatedAt: BLOCK.at,
    });
  });

  test('reads it in units of the asset, whose decimals may differ from the share’s', () => {
    expect(vault(word(18n), dai, word(6n), word(1_130_000n))).toMatchObject({ value: '1.130000' });
  });

  test.each<[string, CallAnswer, CallAnswer, CallAnswer, CallAnswer, string]>([
    ['a vault of another asset', word(18n), word(1n), word(18n), word(1n), 'wrongToken'],
    ['a token that is no vault', word(18n), { reverted: 'no such view' }, word(18n), word(1n), 'wrongToken'],
    ['an address where no contract is', '0x', '0x', '0x', '0x', 'wrongDecimals'],
    ['shares of absurd decimals', word(77n), dai, word(18n), word(1n), 'wrongDecimals'],
    ['an asset that does not say its decimals', word(18n), dai, '0x', word(1n), 'wrongDecimals'],
    ['a vault that converts to nothing', word(18n), dai, word(18n), word(0n), 'notPositive'],
    ['a vault that is paused', word(18n), dai, word(18n), { reverted: 'paused' }, 'reverted'],
  ])('refuses %s', (_, shareDecimals, asset, assetDecimals, assets, reason) => {
    expect(vault(shareDecimals, asset, assetDecimals, assets)).toMatchObject({ kind: 'refused', reason });
  });

  test('never throws, whatever the contracts answer', () => {
    const small = fc.constantFrom<CallAnswer>('0x', word(6n), word(18n), dai, { reverted: 'no' });
    const answer = fc.oneof(small, fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }).map(word));
    fc.assert(
      fc.property(answer, answer, answer, answer, (...answers) => {
        expect(['read', 'refused']).toContain(vault(...answers).kind);
      }),
    );
  });
});
