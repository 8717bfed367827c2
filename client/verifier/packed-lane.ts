import { Refusal } from './refusal';

/** What a lane says in words of docs/report.md. */
const STATUSES = ['halted', 'warming', 'grace', 'degraded', 'ok', 'degraded'] as const;

export type PackedStatus = (typeof STATUSES)[number];

/** One feed of a packed group. Prices are whole numbers of 10^-decimals. */
export interface PackedFeed {
  readonly status: PackedStatus;
  readonly mayOpen: boolean;
  readonly mayLiquidate: boolean;
  /** Absent when halted, and while warming for want of a price. */
  readonly prices: PackedPrices | undefined;
}

export interface PackedPrices {
  /** At most: how long before the cut the sources spoke. Undefined: longer than the scale can tell. */
  readonly ageMs: number | undefined;
  readonly price: bigint;
  /** Not above the report's. */
  readonly low: bigint;
  /** Not below the report's. */
  readonly high: bigint;
  readonly use: { readonly collateral: bigint; readonly liability: bigint } | undefined;
}

const OK = 4;
const MAY_LIQUIDATE = 5;
const OLDEST = 63;
const NOT_KNOWN = 255;
const TICK_MS = 10;
/** A mantissa of 25 bits beyond this would leave int64. */
const LARGEST_EXPONENT = 38;
const NORMAL = 1n << 24n;

/** Reads 72 bits. Throws a Refusal for bits that no signer of Assay writes. */
export function decodeLane(lane: bigint): PackedFeed {
  const field = (shift: bigint, width: bigint): number => Number((lane >> shift) & ((1n << width) - 1n));
  const code = field(69n, 3n);
  const status = STATUSES[code];
  if (status === undefined) throw new Refusal('UnknownStatus', `status ${code}`);
  const mantissa = (lane >> 32n) & 0x1ff_ffffn;
  const exponent = field(57n, 6n);
  const [low, high, collateral, liability] = [24n, 16n, 8n, 0n].map((shift) => field(shift, 8n)) as FourCodes;
  const permits = { status, mayOpen: code === OK, mayLiquidate: code === OK || code === MAY_LIQUIDATE };
  if (mantissa === 0n) {
    if (code > 1) throw new Refusal('ZeroPrice', `status ${status}`);
    if (lane << 3n !== BigInt(code) << 72n) throw new Refusal('IncoherentLane', 'figures without a price');
    return { ...permits, prices: undefined };
  }
  if (exponent > LARGEST_EXPONENT) throw new Refusal('AbsurdExponent', `exponent ${exponent}`);
  const known = collateral !== NOT_KNOWN;
  const coherent =
    code !== 0 &&
    (exponent === 0 || mantissa >= NORMAL) &&
    low !== NOT_KNOWN &&
    high !== NOT_KNOWN &&
    (known ? liability !== NOT_KNOWN && collateral >= low && liability >= high : liability === NOT_KNOWN);
  if (!coherent) throw new Refusal('IncoherentLane', `lane ${lane.toString(16)}`);

  const price = mantissa << BigInt(exponent);
  const below = (offset: number): bigint => atLeastZero(price - offsetOf(price, offset));
  const above = (offset: number): bigint => price + offsetOf(price, offset);
  const age = field(63n, 6n);
  return {
    ...permits,
    prices: {
      ageMs: age === OLDEST ? undefined : scaled(age, 2) * TICK_MS,
      price,
      low: below(low),
      high: above(high),
      use: known ? { collateral: below(collateral), liability: above(liability) } : undefined,
    },
  };
}

type FourCodes = [number, number, number, number];

/** Rounded up, as all that an offset yields is rounded away from the price. */
function offsetOf(price: bigint, code: number): bigint {
  return (price * BigInt(scaled(code, 4)) + 0x3_ffffn) >> 18n;
}

function scaled(code: number, precision: number): number {
  const one = 1 << precision;
  return code < one ? code : (one + (code & (one - 1))) << ((code >> precision) - 1);
}

function atLeastZero(value: bigint): bigint {
  return value < 0n ? 0n : value;
}
