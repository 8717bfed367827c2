import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { PackedGroup } from '../../src/oracle/reporting/packed-group';
import { loadKeccak } from '../../src/platform/keccak';
import { startAnvil, type Anvil } from '../../test/support/anvil';
import { clientVerdicts } from '../../test/support/client-verdicts';
import { deployContract, type Deployed } from '../../test/support/contracts';
import { plainPrimitives } from '../../client/verifier/primitives';
import { anvilSigners, packedMessage } from '../../test/support/quorum';
import { toHex } from '../../test/support/signed-message';
import { CUT, OVERLAP_SECONDS, SECOND, type LeafCase, type Vectors } from '../../test/support/verification-cases';

const FILE = resolve(__dirname, '../../docs/vectors.json');
const vectors = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors;
const [before, now] = vectors.epochs as [Vectors['epochs'][0], Vectors['epochs'][0]];
/** Anvil's first account, who sends all transactions. */
const GOVERNOR = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
/** One of anvil's accounts whose address ends as the cut numbers of the tests begin: 0x2c. */
const FORGER_ACCOUNT = 187;
const NOBODY = '0x0000000000000000000000000000000000000000';

let chain: Anvil;
let keccak: Keccak;
let verifier: Deployed;

beforeAll(async () => {
  chain = await startAnvil(['--timestamp', String(SECOND)]);
  keccak = await loadKeccak();
  verifier = await deployContract(chain.url, 'AssayVerifier', [vectors.network, GOVERNOR, 1, before.signers, 3]);
  await verifier.send('rotate', [now.signers, now.threshold, OVERLAP_SECONDS]);
  for (const signer of now.revoked) await verifier.send('revoke', [now.epoch, signer]);
});
afterAll(() => chain.stop());

interface OnChainFeed {
  readonly status: number;
  readonly hasPrice: boolean;
  readonly hasUsePrices: boolean;
  readonly ageMs: bigint;
  readonly price: bigint;
  readonly low: bigint;
  readonly high: bigint;
  readonly collateral: bigint;
  readonly liability: bigint;
}

/** `verified`, or the error's name; of a malformed leaf with what is wrong. */
async function outcome<Result>(call: Promise<Result>): Promise<{ said: string; result?: Result }> {
  try {
    return { said: 'verified', result: await call };
  } catch (error) {
    const { message } = error as Error;
    return { said: message.startsWith('MalformedLeaf') ? message : message.slice(0, message.indexOf('(')) };
  }
}

function leafCall({ header, signatures, leaf, proof, maxAgeMs, minCut, second }: LeafCase) {
  const args = [header, signatures, leaf, proof, maxAgeMs, minCut];
  return outcome(verifier.read<Record<string, unknown>>('verifyLeaf', args, second));
}

describe('AssayVerifier', () => {
  const client = clientVerdicts(vectors, plainPrimitives);

  test.each(vectors.groupCases.map((one) => [one.name, one] as const))('a group: %s', async (_, one) => {
    const { message, maxAgeMs, minCut, second, refusal = 'verified' } = one;
    const args = [vectors.group.hash, message, maxAgeMs, minCut];
    const { said, result } = await outcome(verifier.read<[bigint, bigint[]]>('verifyGroup', args, second));
    expect(refusal.split('|')).toContain(said);
    const expected = client.group(one);
    expect(said).toBe(expected.said);
    for (const [place, { refusal: unreadable = 'verified', feed }] of expected.feeds.entries()) {
      const read = await outcome(verifier.read<OnChainFeed>('feedAt', [result![1], place], second));
      expect(read.said).toBe(unreadable);
      const { prices } = feed ?? {};
      if (feed === undefined) continue;
      expect(read.result).toMatchObject({ hasPrice: prices !== undefined, hasUsePrices: prices?.use !== undefined });
      if (prices === undefined) continue;
      const { ageMs, price, low, high, use } = prices;
      expect(read.result).toMatchObject({ ageMs: BigInt(ageMs!), price, low, high, ...use });
    }
  });

  test.each(vectors.leafCases.map((one) => [one.name, one] as const))('a leaf: %s', async (_, one) => {
    const { said, result } = await leafCall(one);
    expect((one.refusal ?? 'verified').split('|')).toContain(said);
    const expected = client.leaf(one);
    expect(said).toBe(expected.said);
    if (result === undefined) return;
    const { feed, use, ...figures } = expected.report!;
    expect(result).toMatchObject({ ...figures, ...use, hasUsePrices: use !== undefined });
    expect(Buffer.from((result['feed'] as string).slice(2), 'hex').toString()).toBe(feed.padEnd(32, '\0'));
  });

  test('a group has no place beyond its words', async () => {
    await expect(verifier.read('feedAt', [[0n], 3], SECOND)).rejects.toThrow('NoSuchPlace(3)');
  });
});

describe('the signer sets', () => {
  const install = (signers: readonly string[], threshold: number, governor = GOVERNOR) =>
    deployContract(chain.url, 'AssayVerifier', [vectors.network, governor, 1, signers, threshold]);
  const [a, b] = before.signers as [string, string];

  test.each<[string, readonly string[], number, string]>([
    ['no quorum', [a, b], 0, 'BadThreshold(0, 2)'],
    ['a quorum out of reach', [a, b], 3, 'BadThreshold(3, 2)'],
    ['signers out of order', [b, a], 1, 'UnsortedSigners(1)'],
    ['a signer twice', [a, a], 2, 'UnsortedSigners(1)'],
    ['nobody as a signer', [NOBODY, a], 1, 'UnsortedSigners(0)'],
    ['more than a set holds', Array.from({ length: 32 }, () => a), 1, 'TooManySigners(32)'],
  ])('refuse %s', async (_, signers, threshold, refusal) => {
    await expect(install(signers, threshold)).rejects.toThrow(refusal);
  });

  test('obey their governor alone', async () => {
    const foreign = await install([a, b], 1, NOBODY);
    await expect(foreign.send('rotate', [[a], 1, 0])).rejects.toThrow(`NotGovernor(${GOVERNOR})`);
    await expect(foreign.send('revoke', [1, a])).rejects.toThrow(`NotGovernor(${GOVERNOR})`);
  });

  test('revoke whom they know, in an epoch that they know', async () => {
    const sets = await install([a, b], 1);
    await expect(sets.send('revoke', [1, NOBODY])).rejects.toThrow(`UnknownSigner(${NOBODY})`);
    await expect(sets.send('revoke', [1, now.signers[4]])).rejects.toThrow('UnknownSigner');
    await expect(sets.send('revoke', [1, `0x${'f'.repeat(40)}`])).rejects.toThrow('UnknownSigner');
    await expect(sets.send('revoke', [2, a])).rejects.toThrow('EpochNotInForce(2)');
    await expect(sets.send('revoke', [0, a])).rejects.toThrow('EpochNotInForce(0)');
  });

  test('a full set ends where it ends, whatever a message leaves in memory behind it', async () => {
    // The 20 bytes that would follow the 31st signer lie over the group's leaf: 19 of a word, one of the next word's cut.
    const [forger] = await anvilSigners(1, keccak, FORGER_ACCOUNT);
    const address = Buffer.from(forger!.address.slice(2), 'hex');
    const feeds = Array.from({ length: 60 }, (_, at) => ({
      id: `F${at}`,
      asset: { symbol: 'F', version: 1 },
      decimals: 2,
    }));
    const group = new PackedGroup(feeds, keccak);
    const leaf = group.leaf(new Array<undefined>(60).fill(undefined), CUT);
    leaf.set(address.subarray(0, 19), 622);
    expect(leaf[641]).toBe(address[19]);
    const full = Array.from({ length: 31 }, (_, at) => `0x${(at + 1).toString(16).padStart(40, '0')}`);
    const sets = await install(full, 1);
    const message = packedMessage({ group, reports: [], cut: CUT, signers: [forger!], leaf }, keccak);
    const args = [toHex(group.hash), toHex(message), 60_000, 0];
    await expect(sets.read('verifyGroup', args, SECOND)).rejects.toThrow(`NotASigner(${forger!.address})`);
  });

  test('tell which epochs are believed, with how many signers, and which of them are revoked', async () => {
    const [current, previous] = await verifier.read<readonly object[]>('believed', [], SECOND);
    expect(current).toMatchObject({ number: now.epoch, signers: 5, revoked: 0b10000, until: 0 });
    expect(previous).toMatchObject({ number: before.epoch, signers: 5, revoked: 0 });
  });

  test('the walk ends with the set, though its last signer signed and a stranger stands in memory behind it', async () => {
    const all = await anvilSigners(10, keccak);
    const [forger, set] = [all[0]!, all.slice(1)];
    const feeds = Array.from({ length: 18 }, (_, at) => ({
      id: `F${at}`,
      asset: { symbol: 'F', version: 1 },
      decimals: 2,
    }));
    const group = new PackedGroup(feeds, keccak);
    const leaf = group.leaf(new Array<undefined>(18).fill(undefined), CUT);
    // Head, nine signers and the end, by 20 bytes each; what begins there lies within the lanes of the sixth word.
    leaf.set(Buffer.from(forger.address.slice(2), 'hex'), 2 + 10 * 20);
    const addresses = set.map(({ address }) => address);
    const sets = await install(addresses, 2);
    const signers = [set[8]!, forger];
    const message = packedMessage({ group, reports: [], cut: CUT, signers, leaf }, keccak);
    const args = [toHex(group.hash), toHex(message), 60_000, 0];
    await expect(sets.read('verifyGroup', args, SECOND)).rejects.toThrow(`NotASigner(${forger.address})`);
  });

  test('a signer revoked after a rotation is refused in the overlap too', async () => {
    const rotated = await deployContract(chain.url, 'AssayVerifier', [vectors.network, GOVERNOR, 1, before.signers, 3]);
    await rotated.send('rotate', [now.signers, 3, OVERLAP_SECONDS]);
    await rotated.send('revoke', [1, before.signers[4]]);
    const { message } = vectors.groupCases.find(({ name }) => name === 'the epoch before, within its overlap')!;
    const args = [vectors.group.hash, message, 60_000, 0];
    await expect(rotated.read('verifyGroup', args, SECOND)).rejects.toThrow('SignerRevoked');
  });
});
