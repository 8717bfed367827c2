import { STATUSES, type Report } from '../report';
import { cutInstant, TICK_MS } from '../units/time';
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

/**
 * Writes a report as the contracts store it (docs/packed.md). The price is rounded to 25 bits; low and collateral never
 * come out higher, high, liability and the age never lower than they are. What does not fit is left out, never bent: a
 * band wider than the scale is written as halted, a liability beyond it as not known.
 */
export function writeLane(bytes: Uint8Array, offset: number, report: Report, cut: number): void {
  const { prices, observedAt } = report;
  const float = prices && toBinaryFloat(prices.price);
  const high = prices && float && offsetCode(float, prices.high - valueOf(float));
  if (prices === undefined || float === undefined || high === undefined) {
    const code = prices === undefined ? statusCode(report) : STATUSES.indexOf('halted');
    writeHead(bytes, offset, code, 0, { mantissa: 0, exponent: 0, power: 1 });
    bytes.fill(0, offset + 5, offset + LANE_BYTES);
    return;
  }
  const value = valueOf(float);
  const liability = prices.liability === undefined ? undefined : offsetCode(float, prices.liability - value);
  const collateral = prices.collateral === undefined ? undefined : offsetCode(float, value - prices.collateral);
  const known = liability !== undefined && collateral !== undefined;
  writeHead(bytes, offset, statusCode(report), ageCode(cutInstant(cut) - (observedAt ?? 0)), float);
  // The whole price is within the scale, so there is a code for every low.
  bytes[offset + 5] = offsetCode(float, value - prices.low) ?? LARGEST_OFFSET;
  bytes[offset + 6] = high;
  bytes[offset + 7] = known ? collateral : NOT_KNOWN;
  bytes[offset + 8] = known ? liability : NOT_KNOWN;
}

function writeHead(bytes: Uint8Array, offset: number, status: number, age: number, float: BinaryFloat): void {
  const statusAndAge = status * (OLDEST + 1) + age;
  writeUnsigned(bytes, offset, 5, (statusAndAge * EXPONENTS + float.exponent) * MANTISSA_END + float.mantissa);
}

function statusCode({ status, permits }: Report): number {
  return status === 'degraded' && permits.includes('liquidate') ? DEGRADED_BUT_LIQUIDATE : STATUSES.indexOf(status);
}

function ageCode(ageMs: number): number {
  let code = 0;
  while (code < OLDEST && scaled(code, AGE_PRECISION) * TICK_MS < ageMs) code += 1;
  return code;
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
