import fc from 'fast-check';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { PackedGroup } from '../../src/oracle/reporting/packed-group';
import type { KeySigner } from '../../src/outbound/signing/key-signer';
import { loadKeccak } from '../../src/platform/keccak';
import { arbitraryReport } from '../../test/support/arbitrary-report';
import { startAnvil, type Anvil } from '../../test/support/anvil';
import { clientVerdicts } from '../../test/support/client-verdicts';
import { deployContract, type Deployed } from '../../test/support/contracts';
import { nativePrimitives } from '../../test/support/native-primitives';
import { anvilSigners, NETWORK, packedMessage } from '../../test/support/quorum';
import { toHex, type Hex } from '../../test/support/signed-message';
import { CUT, SECOND } from '../../test/support/verification-cases';
import type { Primitives } from '../../client/verifier/primitives';

/** `npm run fuzz -- --runs N` asks for more. */
const RUNS = Number(process.env['ASSAY_FUZZ_RUNS'] ?? 1_000);
const SEED = Number(process.env['ASSAY_FUZZ_SEED'] ?? 20_261_122);
/** Asked of the chain at once. */
const BATCH = 20;

const GOVERNOR = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const FEEDS = ['A', 'B', 'C', 'D'].map((symbol) => ({
  id: `${symbol}/USD`,
  asset: { symbol, version: 1 },
  decimals: 2,
}));

let chain: Anvil;
let keccak: Keccak;
let primitives: Primitives;
let signers: KeySigner[];
let verifier: Deployed;
let group: PackedGroup;

beforeAll(async () => {
  chain = await startAnvil(['--timestamp', String(SECOND)]);
  keccak = await loadKeccak();
  primitives = await nativePrimitives(keccak);
  signers = await anvilSigners(8, keccak);
  group = new PackedGroup(FEEDS, keccak);
  const addresses = signers.slice(0, 5).map(({ address }) => address);
  verifier = await deployContract(chain.url, 'AssayVerifier', [NETWORK, GOVERNOR, 1, addresses, 3]);
});
afterAll(() => chain.stop());

function setting() {
  const addresses = signers.slice(0, 5).map(({ address }) => address as Hex);
  const feeds = FEEDS.map(({ id, asset, decimals }) => ({ id, assetVersion: asset.version, decimals }));
  const epochs = [{ epoch: 1, threshold: 3, signers: addresses, revoked: [] }];
  return { network: NETWORK, epochs, group: { hash: toHex(group.hash), feeds } };
}

interface Forgery {
  readonly message: Uint8Array;
  /** Whether a quorum of the epoch signed exactly this, and when it counts. */
  readonly genuine: boolean;
  readonly cut: number;
}

const reports = fc.array(arbitraryReport, { minLength: 4, maxLength: 4 });
/** Any signers in any order, strangers and repetitions among them. */
const chosen = fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 5 });
const quorum = fc.subarray([0, 1, 2, 3, 4], { minLength: 3, maxLength: 3 });
/** Old, in time, and ahead of it. */
const cuts = fc.integer({ min: CUT - 550, max: CUT + 1_650 });

/** What may become of a genuine message on its way. */
const tampering = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('none' as const) }) },
  fc.record({ kind: fc.constant('byte' as const), at: fc.nat(1_000), to: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('cut off' as const), bytes: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ kind: fc.constant('added' as const), bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }) }),
  fc.record({ kind: fc.constant('words swapped' as const) }),
  fc.record({ kind: fc.constant('signatures swapped' as const) }),
);

type Tampering = typeof tampering extends fc.Arbitrary<infer How> ? How : never;

const forgery: fc.Arbitrary<() => Forgery> = fc
  .record({
    reports,
    cut: cuts,
    who: fc.oneof({ weight: 3, arbitrary: quorum }, chosen),
    tampered: tampering,
    elsewhere: fc.nat(9),
    late: fc.nat(19),
  })
  .map(({ reports: four, cut, who, tampered, elsewhere, late }) => () => {
    const network = elsewhere === 0 ? 'assay-elsewhere' : NETWORK;
    const epoch = elsewhere === 1 ? 2 : 1;
    const packed = elsewhere === 2 ? new PackedGroup([...FEEDS].reverse(), keccak) : group;
    const validUntil = late === 0 ? SECOND * 1_000 - 1 : SECOND * 1_000 + 60_000;
    const by = who.map((index) => signers[index]!);
    const reported = four.map((report) => ({ ...report, cut }));
    const sketch = { group: packed, reports: reported, cut, signers: by, network, epoch, validUntil };
    const message = packedMessage(sketch, keccak);
    const changed = tamper(Buffer.from(message), tampered);
    const ascending = who.every((index, at) => index < 5 && (at === 0 || index > who[at - 1]!));
    const inForce = elsewhere > 2 && late !== 0 && cut >= CUT - 500 && cut <= CUT + 1_500;
    const genuine = Buffer.compare(changed, message) === 0 && who.length === 3 && ascending && inForce;
    return { message: changed, genuine, cut };
  });

function tamper(message: Buffer, how: Tampering): Buffer {
  switch (how.kind) {
    case 'none':
      return message;
    case 'byte': {
      const at = how.at % message.length;
      message.writeUInt8((message.readUInt8(at) + how.to) % 256, at);
      return message;
    }
    case 'cut off':
      return message.subarray(0, -how.bytes);
    case 'added':
      return Buffer.concat([message, how.bytes]);
    case 'words swapped':
      return Buffer.concat([message.subarray(0, -64), message.subarray(-32), message.subarray(-64, -32)]);
    case 'signatures swapped':
      return message.length < 236
        ? message
        : Buffer.concat([
            message.subarray(0, 44),
            message.subarray(108, 172),
            message.subarray(44, 108),
            message.subarray(172),
          ]);
  }
}

async function onChain({ message }: Forgery): Promise<{ said: string; words: readonly bigint[] }> {
  const args = [toHex(group.hash), toHex(message), 5_000, 0];
  try {
    const [, words] = await verifier.read<[bigint, bigint[]]>('verifyGroup', args, SECOND);
    return { said: 'verified', words };
  } catch (error) {
    return { said: (error as Error).message.split('(')[0]!, words: [] };
  }
}

describe('a store', () => {
  const pushes = fc.array(fc.record({ reports, ahead: fc.integer({ min: -3, max: 5 }), who: quorum }), {
    minLength: 2,
    maxLength: 12,
  });

  test('goes forward only, and at each cut holds what was pushed and the last price of what has none', async () => {
    const layout = FEEDS.map(({ id, asset, decimals }) => ({
      id: `0x${Buffer.from(id).toString('hex').padEnd(64, '0')}`,
      assetVersion: asset.version,
      decimals,
    }));
    const addresses = signers.slice(0, 5).map(({ address }) => address);
    const property = fc.asyncProperty(pushes, async (sequence) => {
      const store = await deployContract(chain.url, 'AssayStore', [NETWORK, GOVERNOR, 1, addresses, 3, layout]);
      const client = clientVerdicts(setting(), primitives);
      const last = new Map<number, { cut: number; price: bigint }>();
      let newest = 0;
      let cut = CUT;
      for (const { reports: four, ahead, who } of sequence) {
        cut += ahead;
        const by = who.map((index) => signers[index]!);
        const reported = four.map((report) => ({ ...report, cut }));
        const sketch = { group, reports: reported, cut, signers: by, validUntil: SECOND * 1_000 + 3_600_000 };
        const message = toHex(packedMessage(sketch, keccak));
        const pushed = store.send('push', [message]);
        if (cut <= newest) {
          await expect(pushed).rejects.toThrow(`NotNewer(${cut}, ${newest})`);
          continue;
        }
        await pushed;
        newest = cut;
        const { feeds } = client.group({ message, second: SECOND, maxAgeMs: 60_000, minCut: 0 });
        for (const [place, { feed }] of feeds.entries()) {
          if (feed?.prices) last.set(place, { cut, price: feed.prices.price });
          const known = store.read<{ cut: bigint; price: bigint }>('lastKnown', [layout[place]!.id], SECOND);
          const kept = last.get(place);
          if (kept === undefined) await expect(known).rejects.toThrow(/^NoPrice/);
          else await expect(known).resolves.toMatchObject({ cut: BigInt(kept.cut), price: kept.price });
        }
      }
    });
    await fc.assert(property, { numRuns: Math.ceil(RUNS / 200), seed: SEED, endOnFailure: true });
  }, 600_000);
});

describe('whatever arrives', () => {
  test('is verified on chain exactly if a quorum signed it and it is in time, and the client says the same', async () => {
    const client = clientVerdicts(setting(), primitives);
    const counts = new Map<string, number>();
    const property = fc.asyncProperty(fc.array(forgery, { minLength: BATCH, maxLength: BATCH }), async (batch) => {
      const forgeries = batch.map((make) => make());
      const answers = await Promise.all(forgeries.map(onChain));
      for (const [index, { said }] of answers.entries()) {
        const { message, genuine } = forgeries[index]!;
        const asked = { second: SECOND, maxAgeMs: 5_000, minCut: 0, message: toHex(message) };
        expect([said, said === 'verified']).toEqual([client.group(asked).said, genuine]);
        counts.set(said, (counts.get(said) ?? 0) + 1);
      }
    });
    await fc.assert(property, { numRuns: Math.ceil(RUNS / BATCH), seed: SEED, endOnFailure: true });
    // A fuzzer that never gets through, or always, shows nothing.
    expect(counts.get('verified')).toBeGreaterThan(RUNS / 20);
    expect(counts.size).toBeGreaterThan(6);
  }, 600_000);

  test('any bits of a lane are read on chain as the client reads them', async () => {
    const { decodeLane } = await import('../../client/verifier/packed-lane');
    const { Refusal } = await import('../../client/verifier/refusal');
    const bits = fc.oneof(
      fc.bigInt({ min: 0n, max: (1n << 72n) - 1n }),
      // Most random bits are refused for their exponent or status.
      fc
        .tuple(
          fc.bigInt({ min: 1n, max: 5n }),
          fc.nat(63),
          fc.nat(38),
          fc.bigInt({ min: 1n << 24n, max: (1n << 25n) - 1n }),
          fc.array(fc.nat(255), { minLength: 2, maxLength: 2 }),
        )
        .map(([status, age, exponent, mantissa, [low, high]]) => {
          const codes = (BigInt(low!) << 24n) | (BigInt(high!) << 16n) | (BigInt(low!) << 8n) | BigInt(high!);
          return (status << 69n) | (BigInt(age) << 63n) | (BigInt(exponent) << 57n) | (mantissa << 32n) | codes;
        }),
    );
    const property = fc.asyncProperty(fc.array(bits, { minLength: BATCH, maxLength: BATCH }), async (lanes) => {
      await Promise.all(
        lanes.map(async (lane) => {
          const expected = (() => {
            try {
              const { prices } = decodeLane(lane);
              if (prices === undefined) return 'no price';
              const { price, low, high, ageMs = (1n << 64n) - 1n, use } = prices;
              return [price, low, high, ageMs, use?.collateral ?? 0, use?.liability ?? 0].map(String).join();
            } catch (error) {
              if (error instanceof Refusal) return error.code;
              throw error;
            }
          })();
          const read = verifier.read<Record<string, bigint | boolean>>('feedAt', [[lane], 2], SECOND);
          const said = await read.then(
            ({ hasPrice, price, low, high, ageMs, collateral, liability }) =>
              hasPrice === true ? [price, low, high, ageMs, collateral, liability].map(String).join() : 'no price',
            (error: unknown) => (error as Error).message.split('(')[0]!,
          );
          expect(said).toBe(expected);
        }),
      );
    });
    await fc.assert(property, { numRuns: Math.ceil(RUNS / BATCH), seed: SEED, endOnFailure: true });
  }, 600_000);
});
