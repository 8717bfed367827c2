import { bigintAt, compare, numberAt } from './bytes';
import { climb } from './merkle';
import type { Primitives } from './primitives';
import { evidenceHash, type Demands, type Evidence, type Quorum, type SignedHeader } from './quorum';
import { Refusal } from './refusal';

/** A feed's report that has a price (docs/report.md). Prices are whole numbers of 10^-decimals. */
export interface PriceReport {
  readonly feed: string;
  readonly assetVersion: number;
  readonly decimals: number;
  readonly cut: number;
  readonly sequence: number;
  readonly status: number;
  readonly permits: number;
  readonly reasons: number;
  readonly observedAt: number;
  readonly price: bigint;
  readonly low: bigint;
  readonly high: bigint;
  readonly use: { readonly collateral: bigint; readonly liability: bigint } | undefined;
}

const PRICE_LEAF = 1;
const [WITHOUT_PRICE, WITH_PRICE, WITH_USE_PRICES] = [53, 83, 99];
const [HALTED, WARMING, DEGRADED, OK] = [0, 1, 3, 4];
const [RESCUE, RESCUE_AND_LIQUIDATE, ALL] = [0x18, 0x1c, 0x1f];

/** Verifies one leaf as contracts/src/AssayVerifier.sol does. Throws a Refusal, `NoPrice` for what has none. */
export function verifyLeaf(
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
  signed: { readonly header: Omit<SignedHeader, 'evidence'> & Evidence; readonly signatures: Uint8Array },
  quorum: Quorum,
  demands: Demands,
  primitives: Primitives,
): PriceReport {
  const { header, signatures } = signed;
  if (signatures.length % 64 !== 0) throw new Refusal('BadLength', `${signatures.length} bytes of signatures`);
  quorum.require({ ...header, evidence: evidenceHash(header, primitives) }, signatures, demands);
  if (leaf.length === 64) throw new Refusal('MalformedLeaf', 'length');
  if (compare(climb(primitives.keccak(leaf), proof, primitives), header.root) !== 0) {
    throw new Refusal('NotInRoot', 'the proof leads to another root');
  }
  const report = decode(leaf, header.cut);
  if (report.observedAt + demands.maxAgeMs < demands.nowMs) {
    throw new Refusal('TooOld', `observed at ${report.observedAt}`);
  }
  return report;
}

function decode(leaf: Uint8Array, headerCut: number): PriceReport {
  insist(leaf[0] === PRICE_LEAF, 'kind');
  const hasPrice = leaf.length === WITH_PRICE || leaf.length === WITH_USE_PRICES;
  insist(hasPrice || leaf.length === WITHOUT_PRICE, 'length');
  const [cut, status, permits, reasons] = [
    numberAt(leaf, 36, 41),
    numberAt(leaf, 47, 48),
    numberAt(leaf, 48, 49),
    numberAt(leaf, 49, 53),
  ];
  insist(cut <= headerCut, 'cut');
  insist(status <= OK && (hasPrice ? status !== HALTED : status <= WARMING), 'status');
  const permitted = status === OK ? permits === ALL : permits === RESCUE;
  insist(permitted || (status === DEGRADED && permits === RESCUE_AND_LIQUIDATE), 'permits');
  if (!hasPrice) throw new Refusal('NoPrice', `status ${status}, reasons ${reasons}`);

  const figure = (at: number): bigint => BigInt.asIntN(64, bigintAt(leaf, at, at + 8));
  const [price, low, high] = [figure(59), figure(67), figure(75)];
  insist(price > 0n, 'price');
  insist(low >= 0n && low <= price && high >= price, 'band');
  const use = leaf.length === WITH_USE_PRICES ? { collateral: figure(83), liability: figure(91) } : undefined;
  insist(use === undefined || (use.collateral >= 0n && use.collateral <= low && use.liability >= high), 'use prices');
  return {
    feed: new TextDecoder().decode(leaf.subarray(1, 33)).replace(/\0+$/, ''),
    assetVersion: numberAt(leaf, 33, 35),
    decimals: numberAt(leaf, 35, 36),
    cut,
    sequence: numberAt(leaf, 41, 47),
    status,
    permits,
    reasons,
    observedAt: numberAt(leaf, 53, 59),
    price,
    low,
    high,
    use,
  };
}

function insist(holds: boolean, what: string): void {
  if (!holds) throw new Refusal('MalformedLeaf', what);
}
