import { PERMITS, type Report } from '../../src/oracle/report';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { PackedGroup } from '../../src/oracle/reporting/packed-group';
import { cutNumberAt } from '../../src/oracle/units/time';
import type { KeySigner } from '../../src/outbound/signing/key-signer';
import { planOf } from './plans';
import { anvilSigners, NETWORK, packedMessage, signedLeaf, type GroupSketch, type LeafSketch } from './quorum';
import { toHex, type Hex } from './signed-message';

/** The second at which the cases' set-up was made, and at which they are verified unless they say otherwise. */
export const SECOND = 1_900_000_000;
export const CUT = cutNumberAt(SECOND * 1_000);
/** What the first epoch signed is believed for so long after the second began. */
export const OVERLAP_SECONDS = 600;

export interface Vectors {
  readonly network: string;
  /** Of `until` contracts may know a second or two more: blocks are numbered by their own clock. */
  readonly epochs: readonly {
    readonly epoch: number;
    readonly threshold: number;
    readonly signers: readonly Hex[];
    readonly revoked: readonly Hex[];
    readonly until?: number;
  }[];
  readonly group: {
    readonly hash: Hex;
    readonly feeds: readonly { readonly id: string; readonly assetVersion: number; readonly decimals: number }[];
  };
  readonly groupCases: readonly GroupCase[];
  readonly leafCases: readonly LeafCase[];
}

interface Circumstances {
  readonly name: string;
  readonly second: number;
  readonly maxAgeMs: number;
  readonly minCut: number;
  /** By the name of the contracts' error, or several that are as good; of a malformed leaf also what is wrong with it. */
  readonly refusal?: string;
}

export interface GroupCase extends Circumstances {
  readonly message: Hex;
  /** Of what is not refused: by place, how its feed is refused to be read. All others can be read. */
  readonly unreadable?: Readonly<Record<number, string>>;
}

export interface LeafCase extends Circumstances {
  readonly header: Readonly<Record<'root' | 'riskRoot' | 'packedRoot' | 'configHash', Hex>> &
    Readonly<Record<'cut' | 'signerEpoch' | 'validUntil', number>>;
  readonly signatures: Hex;
  readonly leaf: Hex;
  readonly proof: readonly Hex[];
}

/** Whoever a signature of something else recovers to: nobody or a stranger. */
export const STRANGER = 'NotASigner|BadSignature';

const FEEDS = ['BTC/USD', 'ETH/USD', 'SOL/USD', 'XRP/USD'].map((id) => ({
  id,
  asset: { symbol: id.slice(0, 3), version: 1 },
  decimals: 8,
}));
const PLAN = planOf(Object.fromEntries(FEEDS.map(({ id }) => [id, { decimals: 8, sources: {} }])));

export const OK: Report = {
  feed: 0,
  sequence: 42,
  cut: CUT - 3,
  observedAt: SECOND * 1_000 - 40,
  status: 'ok',
  reasons: [],
  permits: PERMITS,
  prices: {
    price: 10_000_000_000_000,
    low: 9_990_000_000_000,
    high: 10_010_000_000_000,
    collateral: 9_900_000_000_000,
    liability: 10_010_000_000_000,
  },
  sources: { used: 6, upstreams: 6 },
  dispersionBps: 1,
};
export const DEGRADED: Report = {
  ...OK,
  feed: 1,
  status: 'degraded',
  reasons: ['wideBand'],
  permits: ['liquidate', 'repay', 'topUp'],
  prices: { price: 300_000, low: 290_000, high: 310_000, collateral: undefined, liability: undefined },
};
export const HALTED: Report = {
  ...OK,
  feed: 2,
  status: 'halted',
  reasons: ['tooFewUpstreams'],
  permits: ['repay', 'topUp'],
  observedAt: undefined,
  prices: undefined,
};
export const GRACE: Report = { ...OK, feed: 3, status: 'grace', permits: ['repay', 'topUp'] };

/** Everything that two verifiers, the contract's and the client's, must say the same about. */
export async function verificationCases(keccak: Keccak): Promise<Vectors> {
  const all = await anvilSigners(8, keccak);
  const [old, next] = [all.slice(0, 5), all.slice(3, 8)];
  const [revoked] = next.slice(4) as [KeySigner];
  const group = new PackedGroup(FEEDS, keccak);
  const quorum = next.slice(0, 3);
  const addresses = (signers: readonly KeySigner[]): Hex[] => signers.map(({ address }) => address as Hex);

  const base: GroupSketch = { group, reports: [OK, DEGRADED, HALTED, GRACE], cut: CUT, signers: quorum, epoch: 2 };
  const message = (changes: Partial<GroupSketch> = {}): Buffer =>
    Buffer.from(packedMessage({ ...base, ...changes }, keccak));
  const good = message();
  const changed = (at: number, ...bytes: number[]): Buffer => {
    const copy = Buffer.from(good);
    copy.set(bytes, at);
    return copy;
  };
  const lane = (place: number, change: (lane: bigint) => bigint): Buffer => {
    const leaf = Buffer.from(group.leaf(base.reports, CUT));
    const at = 33 + 32 * Math.floor(place / 3) + 5 + 9 * (place % 3);
    const value = change(BigInt(`0x${leaf.subarray(at, at + 9).toString('hex')}`));
    leaf.set(Buffer.from(value.toString(16).padStart(18, '0'), 'hex'), at);
    return message({ leaf });
  };
  const plain = { second: SECOND, maxAgeMs: 60_000, minCut: 0 };
  const groupCase = (name: string, bytes: Uint8Array, rest: Partial<GroupCase>): GroupCase => ({
    name,
    ...plain,
    message: toHex(bytes),
    ...rest,
  });
  const refused = (name: string, bytes: Uint8Array, refusal: string, rest: Partial<GroupCase> = {}): GroupCase =>
    groupCase(name, bytes, { refusal, ...rest });
  const unreadable = (name: string, bytes: Uint8Array, place: number, refusal: string): GroupCase =>
    groupCase(name, bytes, { unreadable: { [place]: refusal } });

  const before = message({ epoch: 1, signers: old.slice(2) });
  const beside = group.leaf([OK, OK, OK, OK], CUT);
  const groupCases: GroupCase[] = [
    groupCase('a joint cut of four feeds', good, {}),
    groupCase('any quorum of the epoch', message({ signers: [next[0]!, next[2]!, next[3]!] }), {}),
    groupCase('one of several groups', message({ beside: [beside] }), {}),
    groupCase('as old as may be', good, { second: SECOND + 60 }),
    groupCase('ahead of the block, within bounds', message({ cut: CUT + 1_500 }), {}),
    groupCase('the epoch before, within its overlap', before, {}),
    refused(
      'the epoch before, after its overlap',
      message({ epoch: 1, signers: old.slice(2), validUntil: SECOND * 2_000 }),
      'EpochNotInForce',
      {
        second: SECOND + OVERLAP_SECONDS + 60,
        maxAgeMs: 1e9,
      },
    ),
    refused('an epoch that never was', message({ epoch: 3 }), 'EpochNotInForce'),
    refused('an epoch of nobody', message({ epoch: 0 }), 'EpochNotInForce'),
    refused('past its validUntil', good, 'Expired', { second: SECOND + 61, maxAgeMs: 1e9 }),
    refused('too far ahead of the block', message({ cut: CUT + 1_501 }), 'FutureCut'),
    refused('a cut before the last one used', good, 'TooEarly', { minCut: CUT + 1 }),
    groupCase('the last cut used, again', good, { minCut: CUT }),
    refused('older than asked for', good, 'TooOld', { second: SECOND + 1, maxAgeMs: 999 }),
    refused('fewer signatures than the threshold', message({ signers: next.slice(0, 2) }), 'WrongSignatureCount'),
    refused('more signatures than the threshold', message({ signers: next.slice(0, 4) }), 'WrongSignatureCount'),
    refused('no signature', message({ signers: [] }), 'WrongSignatureCount'),
    refused('one signer for a revoked one', message({ signers: [next[0]!, next[3]!, next[3]!] }), 'UnsortedSignatures'),
    refused('the last signer of all twice', message({ signers: [next[2]!, next[3]!, next[3]!] }), 'UnsortedSignatures'),
    refused('one signer thrice', message({ signers: [next[0]!, next[0]!, next[0]!] }), 'UnsortedSignatures'),
    refused('signatures out of order', message({ signers: [next[1]!, next[0]!, next[2]!] }), 'UnsortedSignatures'),
    refused('a signer of the epoch before', message({ signers: [old[0]!, next[0]!, next[1]!] }), 'NotASigner'),
    refused('a revoked signer', message({ signers: [next[0]!, next[1]!, revoked] }), 'SignerRevoked'),
    refused('a signature of zeros', changed(44, ...new Array<number>(64).fill(0)), 'BadSignature'),
    refused('an s in the upper half', changed(76, 0x7f, ...new Array<number>(31).fill(0xff)), 'MalleableSignature'),
    refused(
      'another network',
      message({ network: 'assay-local-2', signers: [next[0]!, next[1]!, next[2]!] }),
      STRANGER,
    ),
    refused('other evidence', changed(0, 0x77), STRANGER),
    refused('another validUntil', changed(36, 0xff), STRANGER),
    refused('another price', changed(good.length - 40, 0x55), STRANGER),
    refused('a group cut short', Buffer.from(good.subarray(0, -32)), STRANGER),
    refused('a group made longer', Buffer.concat([good, good.subarray(-32)]), STRANGER),
    refused(
      'words in another order',
      Buffer.concat([good.subarray(0, -64), good.subarray(-32), good.subarray(-64, -32)]),
      STRANGER,
    ),
    refused('words of two cuts', changed(good.length - 28, 0xff), 'CutsDiffer'),
    refused('nothing', Buffer.alloc(0), 'BadLength'),
    refused('a header without words', Buffer.from(good.subarray(0, -64)), 'BadLength'),
    refused('a byte too few', Buffer.from(good.subarray(0, -1)), 'BadLength'),
    refused('a byte too many', Buffer.concat([good, Buffer.alloc(1)]), 'BadLength'),
    refused('more than twenty words', Buffer.concat([good, Buffer.alloc(32 * 19)]), 'BadLength'),
    unreadable(
      'an unknown status',
      lane(0, (bits) => bits | (7n << 69n)),
      0,
      'UnknownStatus',
    ),
    unreadable(
      'a price that leaves int64',
      lane(0, (bits) => bits | (63n << 57n)),
      0,
      'AbsurdExponent',
    ),
    unreadable(
      'an ok feed without a price',
      lane(0, (bits) => bits & ~(0x1ffffffn << 32n)),
      0,
      'ZeroPrice',
    ),
    unreadable(
      'figures of a halted feed',
      lane(2, (bits) => bits | 1n),
      2,
      'IncoherentLane',
    ),
    unreadable(
      'a halted feed with a price',
      lane(0, (bits) => bits & ~(7n << 69n)),
      0,
      'IncoherentLane',
    ),
    unreadable(
      'a mantissa not in its normal form',
      lane(0, (bits) => bits & ~(1n << 56n)),
      0,
      'IncoherentLane',
    ),
    unreadable(
      'a low edge not known',
      lane(0, (bits) => bits | (255n << 24n)),
      0,
      'IncoherentLane',
    ),
    unreadable(
      'a high edge not known',
      lane(0, (bits) => bits | 0xffff0000n | 0xffffn),
      0,
      'IncoherentLane',
    ),
    unreadable(
      'a collateral above low',
      lane(0, (bits) => bits & ~(255n << 8n)),
      0,
      'IncoherentLane',
    ),
    unreadable(
      'a liability below high',
      lane(0, (bits) => bits & ~255n),
      0,
      'IncoherentLane',
    ),
    unreadable(
      'a collateral without a liability',
      lane(1, (bits) => bits - 1n),
      1,
      'IncoherentLane',
    ),
  ];
  return {
    network: NETWORK,
    epochs: [
      { epoch: 1, threshold: 3, signers: addresses(old), revoked: [], until: SECOND + OVERLAP_SECONDS },
      { epoch: 2, threshold: 3, signers: addresses(next), revoked: addresses([revoked]) },
    ],
    group: {
      hash: toHex(group.hash),
      feeds: FEEDS.map(({ id, asset, decimals }) => ({ id, assetVersion: asset.version, decimals })),
    },
    groupCases,
    leafCases: leafCases(quorum, keccak),
  };
}

function leafCases(quorum: readonly KeySigner[], keccak: Keccak): LeafCase[] {
  const plain = { second: SECOND, maxAgeMs: 60_000, minCut: 0 };
  const leafCase = (name: string, sketch: Partial<LeafSketch>, rest: Partial<LeafCase> = {}): LeafCase => {
    const report = sketch.report ?? OK;
    const full = { plan: PLAN, report, cut: CUT, signers: quorum, epoch: 2, ...sketch };
    const { header, signatures, leaf, proof } = signedLeaf(full, keccak);
    const { root, riskRoot, packedRoot, configHash, ...numbers } = header;
    const hashes = { root: toHex(root), riskRoot: toHex(riskRoot), packedRoot: toHex(packedRoot) };
    return {
      name,
      ...plain,
      header: { ...numbers, ...hashes, configHash: toHex(configHash) },
      signatures: toHex(signatures),
      leaf: toHex(leaf),
      proof: proof.map(toHex),
      ...rest,
    };
  };
  const good = leafCase('a leaf of an ok report', {});
  const bytes = Buffer.from(good.leaf.slice(2), 'hex');
  const altered = (name: string, change: Partial<LeafCase>, refusal: string): LeafCase => ({
    ...good,
    name,
    ...change,
    refusal,
  });
  const changed = (at: number, ...values: number[]): Buffer => {
    const copy = Buffer.from(bytes);
    copy.set(values, at);
    return copy;
  };
  const malformed = (name: string, what: string, leaf: Uint8Array): LeafCase =>
    leafCase(name, { leaf }, { refusal: `MalformedLeaf(${what})` });
  const pair = [keccak(bytes), Buffer.from(good.proof[0]!.slice(2), 'hex')].sort(Buffer.compare);
  const other = toHex(new Uint8Array(32).fill(9));
  return [
    good,
    leafCase('a degraded report whose use prices are not known', { report: DEGRADED }),
    leafCase('a halted report', { report: HALTED }, { refusal: 'NoPrice' }),
    leafCase('a report in grace', { report: GRACE }),
    ...(['root', 'riskRoot', 'packedRoot', 'configHash'] as const).map((field) =>
      altered(`another ${field}`, { header: { ...good.header, [field]: other } }, STRANGER),
    ),
    altered('another cut', { header: { ...good.header, cut: CUT + 1 } }, STRANGER),
    altered('another validUntil', { header: { ...good.header, validUntil: good.header.validUntil + 1 } }, STRANGER),
    altered('another epoch', { header: { ...good.header, signerEpoch: 1 } }, STRANGER),
    altered('a signature of 65 bytes', { signatures: `${good.signatures}1b` as Hex }, 'BadLength'),
    altered('one signature less', { signatures: good.signatures.slice(0, -128) as Hex }, 'WrongSignatureCount'),
    altered('past its validUntil', { second: SECOND + 61, maxAgeMs: 1e9 }, 'Expired'),
    altered('a cut before the last one used', { minCut: CUT + 1 }, 'TooEarly'),
    altered('a cut older than asked for', { second: SECOND + 1, maxAgeMs: 999 }, 'TooOld'),
    leafCase(
      'observations older than asked for, at a cut that is not',
      { report: { ...OK, observedAt: SECOND * 1_000 - 60_001 } },
      { refusal: 'TooOld' },
    ),
    altered('a changed leaf', { leaf: toHex(changed(60, 1)) }, 'NotInRoot'),
    altered('a torn proof', { proof: good.proof.slice(1) }, 'NotInRoot'),
    altered(
      'two hashes that pose as a leaf of 64 bytes',
      { leaf: toHex(Buffer.concat(pair)), proof: good.proof.slice(1) },
      'MalformedLeaf(length)',
    ),
    malformed('another kind', 'kind', changed(0, 2)),
    malformed('no byte at all', 'kind', Buffer.alloc(0)),
    malformed('a byte too many', 'length', Buffer.concat([bytes, Buffer.alloc(1)])),
    malformed('an ok report without a price', 'status', bytes.subarray(0, 53)),
    malformed('a halted report with one', 'status', changed(47, 0, 0x18)),
    malformed('an unknown status', 'status', changed(47, 5)),
    malformed('a grace that permits to open', 'permits', changed(47, 2)),
    malformed('a degraded one that permits to open', 'permits', changed(47, 3, 0x1d)),
    malformed('an ok one that withholds', 'permits', changed(48, 0x18)),
    malformed('a cut after the header', 'cut', changed(36, 0xff)),
    malformed('a negative price', 'price', changed(59, 0xff)),
    malformed('a band that does not hold its price', 'band', changed(67, 0x7f)),
    malformed('a negative low edge', 'band', changed(67, 0xff)),
    malformed('a high edge below the price', 'band', changed(77, 0)),
    malformed('a collateral above the low price', 'use prices', changed(83, 0x7f)),
    malformed('a liability below the high price', 'use prices', changed(93, 0)),
  ];
}
