import fc from 'fast-check';
import { planOf } from '../../../test/support/plans';
import { loadKeccak } from '../../platform/keccak';
import type { Keccak } from '../../oracle/reporting/keccak';
import type { OperatorInstruction } from '../../recording/event';
import { InstructionDigest, recoverAddress } from './instruction';
import { type Judgement, OperatorDesk } from './operator-desk';

/** Accounts 1 and 2 of every fresh anvil: keys that the whole world knows. */
const KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';
const OPERATOR = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const OTHER_KEY = '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a';
const OTHER = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';

const NOW = 1_700_000_000_000;
const plan = planOf({ 'BTC/USD': { sources: { binance: {} } } });

let viem: typeof import('viem', { with: { 'resolution-mode': 'import' } });
let accounts: typeof import('viem/accounts', { with: { 'resolution-mode': 'import' } });
let keccak: Keccak;
let desk: OperatorDesk;

beforeAll(async () => {
  viem = await import('viem');
  accounts = await import('viem/accounts');
  keccak = await loadKeccak();
});

beforeEach(() => {
  desk = new OperatorDesk(plan, [OPERATOR.toLowerCase()], keccak);
});

type Said = Omit<OperatorInstruction, 'by' | 'signature'>;
const TYPES = {
  Instruction: [
    { name: 'action', type: 'string' },
    { name: 'feed', type: 'string' },
    { name: 'why', type: 'string' },
    { name: 'issuedAt', type: 'uint64' },
  ],
} as const;

function typedData(network: string, { halt, resume, why, issuedAt }: Said) {
  return {
    domain: { name: 'Assay Operator', version: '1', salt: viem.keccak256(viem.stringToBytes(network)) },
    types: TYPES,
    primaryType: 'Instruction' as const,
    message: {
      action: halt === undefined ? 'resume' : 'halt',
      feed: halt ?? resume ?? '',
      why,
      issuedAt: BigInt(issuedAt),
    },
  };
}

async function signed(said: Partial<Said> = {}, { key = KEY, by = OPERATOR, network = plan.network } = {}) {
  const instruction: Said = {
    why: 'looks wrong',
    issuedAt: NOW,
    ...('resume' in said ? {} : { halt: 'BTC/USD' }),
    ...said,
  };
  const signature = await accounts
    .privateKeyToAccount(key as `0x${string}`)
    .signTypedData(typedData(network, instruction));
  return { ...instruction, by, signature };
}

const codeOf = (judgement: Judgement): string => ('refused' in judgement ? judgement.refused : 'accepted');

describe(InstructionDigest.name, () => {
  const said: fc.Arbitrary<Said> = fc
    .record({ feed: fc.string(), halts: fc.boolean(), why: fc.string({ unit: 'grapheme' }), issuedAt: fc.maxSafeNat() })
    .map(({ feed, halts, ...rest }) => ({ ...(halts ? { halt: feed } : { resume: feed }), ...rest }));

  test('is the digest any EIP-712 library computes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), said, (network, instruction) => {
        const digest = new InstructionDigest(network, keccak).of(instruction);
        expect(viem.toHex(digest)).toBe(viem.hashTypedData(typedData(network, instruction)));
      }),
    );
  });
});

describe(recoverAddress.name, () => {
  test('finds the signer, or nobody, and throws at nothing', async () => {
    const digest = new InstructionDigest(plan.network, keccak).of({ halt: 'BTC/USD', why: 'x', issuedAt: 1 });
    const { signature } = await signed({ halt: 'BTC/USD', why: 'x', issuedAt: 1 });
    expect(await recoverAddress(digest, signature, keccak)).toBe(OPERATOR);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.boolean(), async (bytes, odd) => {
        const any = `0x${Buffer.from(bytes).toString('hex')}${odd ? '1c' : '1b'}`;
        expect(await recoverAddress(digest, any, keccak)).not.toBe(OPERATOR);
      }),
      { numRuns: 30 },
    );
    expect(await recoverAddress(digest, `0x${'00'.repeat(64)}1b`, keccak)).toBeUndefined();
  });
});

describe(OperatorDesk.name, () => {
  test('accepts a halt and a later resume of an operator, however the address is written', async () => {
    const halt = await signed({ halt: 'BTC/USD' });
    expect(await desk.judge(halt, NOW + 5)).toStrictEqual({ accepted: halt });
    const resume = await signed({ resume: 'BTC/USD', issuedAt: NOW + 1 }, { by: OPERATOR.toLowerCase() });
    expect(await desk.judge(resume, NOW + 5)).toStrictEqual({ accepted: resume });
  });

  test.each<[string, string, () => Promise<unknown>]>([
    ['nothing', 'malformed', async () => undefined],
    ['text', 'malformed', async () => 'halt'],
    ['halt and resume at once', 'malformed', async () => ({ ...(await signed()), resume: 'BTC/USD' })],
    ['an unknown key', 'malformed', async () => ({ ...(await signed()), until: 1 })],
    ['no reason', 'malformed', async () => signed({ why: '' })],
    ['a signature that is cut short', 'malformed', async () => ({ ...(await signed()), signature: '0x00' })],
    ['a fractional time', 'malformed', async () => ({ ...(await signed()), issuedAt: NOW + 0.5 })],
    ['a feed that is not there', 'unknownFeed', async () => signed({ halt: 'DOGE/USD' })],
    ['someone who is no operator', 'notAnOperator', async () => signed({}, { key: OTHER_KEY, by: OTHER })],
    ['the key of another in an operator’s name', 'badSignature', async () => signed({}, { key: OTHER_KEY })],
    ['a signature for another network', 'badSignature', async () => signed({}, { network: 'assay-main' })],
    ['a word changed after signing', 'badSignature', async () => ({ ...(await signed()), why: 'looks fine' })],
    ['an instruction older than a minute', 'tooOld', async () => signed({ issuedAt: NOW - 60_001 })],
    ['an instruction from the future', 'tooEarly', async () => signed({ issuedAt: NOW + 60_001 })],
  ])('refuses %s as %s', async (_case, code, body) => {
    expect(codeOf(await desk.judge(await body(), NOW))).toBe(code);
  });

  test('refuses an instruction that was used, one issued before it, and one used before a restart', async () => {
    const halt = await signed({ issuedAt: NOW });
    expect(codeOf(await desk.judge(halt, NOW))).toBe('accepted');
    expect(codeOf(await desk.judge(halt, NOW))).toBe('replayed');
    expect(codeOf(await desk.judge(await signed({ issuedAt: NOW - 1 }), NOW))).toBe('replayed');
    const restarted = new OperatorDesk(plan, [OPERATOR.toLowerCase()], keccak);
    restarted.remember({ ...halt, by: OPERATOR });
    expect(codeOf(await restarted.judge(halt, NOW))).toBe('replayed');
  });

  test('obeys one of two equal instructions that arrive together', async () => {
    const halt = await signed();
    const judgements = await Promise.all([desk.judge(halt, NOW), desk.judge(halt, NOW)]);
    expect(judgements.map(codeOf).sort()).toStrictEqual(['accepted', 'replayed']);
  });

  test('a refused instruction uses up nothing', async () => {
    expect(codeOf(await desk.judge({ ...(await signed({ issuedAt: NOW + 9 })), why: 'forged' }, NOW))).toBe(
      'badSignature',
    );
    expect(codeOf(await desk.judge(await signed(), NOW))).toBe('accepted');
  });

  test.each([
    [{ halt: 'DOGE/USD' }, 'DOGE/USD is no feed; GET /v1/feeds lists them'],
    [{ issuedAt: NOW - 61_000 }, 'issued 61000 ms ago, more than 60000 ms; sign it again'],
  ])('says what is wrong with %j', async (said, detail) => {
    expect(await desk.judge(await signed(said), NOW)).toMatchObject({ detail });
  });

  test('names the key at fault of a malformed instruction', async () => {
    const judgement = await desk.judge({ ...(await signed()), by: '0x12' }, NOW);
    expect(judgement).toMatchObject({
      refused: 'malformed',
      detail: expect.stringContaining('by: must be an address'),
    });
  });
});
