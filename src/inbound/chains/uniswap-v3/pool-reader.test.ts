import { ScriptedChain, scriptedBlock } from '../../../../test/support/scripted-chain';
import type { CallAnswer, Hex } from '../../reader';
import { calldata } from '../words';
import { poolReader } from './pool-reader';

const POOL = '0x88e6a0c2ddd26feeb64f039a2c41296fcb3f5640';
const USDC = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48';
const WETH = '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2';
const BLOCK = scriptedBlock(100);
const WINDOW_S = 1_800n;
const OBSERVE = calldata('0x883bdbfd', 32n, 2n, WINDOW_S, 0n);
const words = (...values: readonly bigint[]): Hex => calldata('0x', ...values);
/** `(int56[2], uint160[2])` */
const observed = (before: bigint, after: bigint): Hex => words(64n, 160n, 2n, before, after, 2n, 1n, 2n);
/** The tick at which a wei of WETH costs 2e-9 units of USDC's smallest: 2,000 USDC a coin, seen from token0, USDC. */
const TICK = 200_311n;

describe(poolReader.name, () => {
  const reader = poolReader({ id: 'uniswap-v3:ETH/USD', address: POOL, base: WETH, quote: USDC, windowMs: 1_800_000 });

  interface Contracts {
    readonly token0?: CallAnswer;
    readonly token1?: CallAnswer;
    readonly observed?: CallAnswer;
    readonly decimals?: CallAnswer;
  }
  function read(contracts: Contracts = {}) {
    const chain = new ScriptedChain();
    chain.answer(POOL, '0x0dfe1681', contracts.token0 ?? words(BigInt(USDC)));
    chain.answer(POOL, '0xd21220a7', contracts.token1 ?? words(BigInt(WETH)));
    chain.answer(POOL, OBSERVE, contracts.observed ?? observed(5_000_000n, 5_000_000n + TICK * WINDOW_S));
    chain.answer(WETH, '0x313ce567', contracts.decimals ?? words(18n));
    chain.answer(USDC, '0x313ce567', words(6n));
    return chain.converse(reader.read(BLOCK, BLOCK.at));
  }
  const value = (contracts?: Contracts): number => {
    const outcome = read(contracts);
    return outcome.kind === 'read' ? Number(outcome.value) : NaN;
  };

  test('reads the geometric mean of the window, by whole tokens of both, as old as the block', () => {
    expect(value()).toBeCloseTo(2_000.0402896, 6);
    expect(read()).toMatchObject({ kind: 'read', updatedAt: BLOCK.at });
  });

  test('whichever of the two tokens comes first', () => {
    const swapped = { token0: words(BigInt(WETH)), token1: words(BigInt(USDC)) };
    const ticks = observed(5_000_000n, 5_000_000n - TICK * WINDOW_S);
    expect(value({ ...swapped, observed: ticks })).toBe(value());
  });

  test('counts below zero, as pools do', () => {
    expect(value({ observed: observed(-9_000_000_000n, -9_000_000_000n + TICK * WINDOW_S) })).toBe(value());
  });

  test('moves by the share of the window that a push lasts: one block of 150 at ten times the price is 1.5 %', () => {
    const pushed = TICK * (WINDOW_S - 12n) + (TICK - 23_027n) * 12n;
    expect(value({ observed: observed(0n, pushed) }) / value()).toBeCloseTo(1.0155, 3);
  });

  test.each<[string, Contracts, string]>([
    ['a pool of other tokens', { token1: words(1n) }, 'wrongToken'],
    ['an address where no pool is', { token0: '0x', token1: '0x' }, 'wrongToken'],
    ['a pool without so long a history', { observed: { reverted: 'OLD' } }, 'reverted'],
    ['a token without decimals', { decimals: '0x' }, 'wrongDecimals'],
    ['an answer of another shape', { observed: words(1n, 2n) }, 'wrongShape'],
    ['ticks that no pool has', { observed: observed(0n, 900_000n * WINDOW_S) }, 'wrongShape'],
  ])('refuses %s', (_, contracts, reason) => {
    expect(read(contracts)).toMatchObject({ kind: 'refused', reason });
  });

  test('never asks for the price of the moment', () => {
    const asking = reader.read(BLOCK, BLOCK.at);
    const { value: asked } = asking.next([]);
    expect(JSON.stringify(asked)).not.toContain('0x3850c7bd');
  });
});
