import { STATUSES, type Report } from '../report';
import { cutInstant, TICK_MS, type EpochMs } from '../units/time';
import { writeUnsigned } from './bytes';

/** A feed takes 72 bits: status 3, age 6, exponent 6, mantissa 25, then a byte each for low, high, collateral, liability. */
export const LANE_BYTES = 9;

/** Beside the codes of STATUSES: a degraded feed against which one may liquidate. */
const DEGRADED_BUT_LIQUIDATE = STATUSES.length;

const MANTISSA_END = 0x200_0000;
const EXPONENTS = 64;

/** Codes of log scales have this many bits after the leading one. */
const AGE_PRECISION = 2;
const OFFSET_PRECISION = 4;

/** As old as this or older: no reader takes it for fresh. */
const OLDEST = 63;
const OLDEST_TICKS = scaled(OLDEST - 1, AGE_PRECISION);
/** Offsets are counted in price / 2^18, some 0.04 bp; the largest code reaches 187 % of the price. */
const OFFSET_UNITS = 0x4_0000;
const LARGEST_OFFSET = 254;
/** Of collateral and liability: not known. */
const NOT_KNOWN = 255;

/** `mantissa · 2^exponent`, the power written out. */
interface BinaryFloat {
  readonly mantissa: number;
  readonly exponent: number;
  readonly power: number;
}

const NO_FLOAT: BinaryFloat = { mantissa: 0, exponent: 0, power: 1 };

/** What a report says in a lane, but for its age, which grows from cut to cut. */
export interface Lane {
  readonly status: number;
  readonly price: BinaryFloat;
  readonly observedAt: EpochMs | undefined;
  /** Codes of low, high, collateral and liability. */
  readonly offsets: readonly [number, number, number, number];
}

/**
 * A report as the contracts store it (docs/packed.md). The price is rounded to 25 bits; low and collateral never come
 * out higher, high and liability never lower than they are. What does not fit is left out, never bent: a band wider
 * than the scale is written as halted, a liability beyond it as not known.
 */
export function laneOf(report: Report): Lane {
  const { prices, observedAt } = report;
  const price = prices && toBinaryFloat(prices.price);
  const high = prices && price && offsetCode(price, prices.high - valueOf(price));
  if (prices === undefined || price === undefined || high === undefined) {
    const status = prices === undefined ? statusCode(report) : STATUSES.indexOf('halted');
    return { status, price: NO_FLOAT, observedAt: undefined, offsets: [0, 0, 0, 0] };
  }
  const value = valueOf(price);
  const liability = prices.liability === undefined ? undefined : offsetCode(price, prices.liability - value);
  const collateral = prices.collateral === undefined ? undefined : offsetCode(price, value - prices.collateral);
  const known = liability !== undefined && collateral !== undefined;
  // The whole price is within the scale, so there is a code for every low.
  const low = offsetCode(price, value - prices.low) ?? LARGEST_OFFSET;
  const offsets = [low, high, known ? collateral : NOT_KNOWN, known ? liability : NOT_KNOWN] as const;
  return { status: statusCode(report), price, observedAt: observedAt ?? 0, offsets };
}

/** Writes a lane as of a cut: its age is never younger than it is. */
export function writeLane(bytes: Uint8Array, offset: number, lane: Lane, cut: number): void {
  const { status, price, observedAt, offsets } = lane;
  const age = observedAt === undefined ? 0 : ageCode(cutInstant(cut) - observedAt);
  const statusAndAge = status * (OLDEST + 1) + age;
  writeUnsigned(bytes, offset, 5, (statusAndAge * EXPONENTS + price.exponent) * MANTISSA_END + price.mantissa);
  bytes.set(offsets, offset + 5);
}

/** What a lane says of status (its code) and price, in 10^-decimals; nothing of it is checked. */
export function readLane(bytes: Uint8Array, offset: number): { status: number; price: number | undefined } {
  let head = 0;
  for (let at = offset; at < offset + 5; at += 1) head = head * 256 + (bytes[at] ?? 0);
  const mantissa = head % MANTISSA_END;
  const float = Math.floor(head / MANTISSA_END);
  let power = 1;
  for (let exponent = float % EXPONENTS; exponent > 0; exponent -= 1) power *= 2;
  const status = Math.floor(float / (EXPONENTS * (OLDEST + 1)));
  return { status, price: mantissa === 0 ? undefined : mantissa * power };
}

function statusCode({ status, permits }: Report): number {
  return status === 'degraded' && permits.includes('liquidate') ? DEGRADED_BUT_LIQUIDATE : STATUSES.indexOf(status);
}

/** The smallest code that reaches at least as far: the age in whole ticks, rounded up to three bits. */
function ageCode(ageMs: number): number {
  const ticks = Math.ceil(ageMs / TICK_MS);
  if (ticks <= 1 << AGE_PRECISION) return Math.max(0, ticks);
  if (ticks > OLDEST_TICKS) return OLDEST;
  const shift = 31 - Math.clz32(ticks) - AGE_PRECISION;
  const power = 1 << shift;
  return (shift << AGE_PRECISION) + Math.ceil(ticks / power);
}

/** The smallest code that reaches at least as far, or undefined where none does. */
function offsetCode(float: BinaryFloat, distance: number): number | undefined {
  if (offsetOf(float, LARGEST_OFFSET) < distance) return undefined;
  let [below, reaches] = [-1, LARGEST_OFFSET];
  while (reaches - below > 1) {
    const code = (below + reaches) >> 1;
    if (offsetOf(float, code) < distance) below = code;
    else reaches = code;
  }
  return reaches;
}

/** Exact up to the last rounding: 25 bits times 19. */
function offsetOf({ mantissa, power }: BinaryFloat, code: number): number {
  return Math.ceil(((mantissa * scaled(code, OFFSET_PRECISION)) / OFFSET_UNITS) * power);
}

/** A small float without a sign: `precision` bits after the leading one; codes below 2^precision stand for themselves. */
function scaled(code: number, precision: number): number {
  const one = 1 << precision;
  return code < one ? code : (one + (code & (one - 1))) << ((code >> precision) - 1);
}

function valueOf({ mantissa, power }: BinaryFloat): number {
  return mantissa * power;
}

/** The nearest float of 25 bits, the larger of two; a smaller integer is its own mantissa. */
function toBinaryFloat(price: number): BinaryFloat {
  let [exponent, power] = [0, 1];
  while (price >= MANTISSA_END * power) [exponent, power] = [exponent + 1, power * 2];
  const mantissa = Math.round(price / power);
  return mantissa === MANTISSA_END
    ? { mantissa: MANTISSA_END / 2, exponent: exponent + 1, power: power * 2 }
    : { mantissa, exponent, power };
}
