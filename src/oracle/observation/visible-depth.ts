/**
 * Narrower spreads are taken for this: a book is seldom as thick all the way as its best level is within a tick of a
 * hundredth of a basis point, and what is not seen must not be counted.
 */
const MIN_SPREAD_BPS = 1;

/**
 * What a book holds per basis point, in its quote currency, as far as its best level tells: the smaller of its two
 * sides, taken to be spread evenly over the spread. Real books are thicker further out, so that it understates. NaN
 * where the venue gives no sizes: unknown is not none.
 */
export function visibleDepth(
  bid: number,
  ask: number,
  bidSize: number | undefined,
  askSize: number | undefined,
  spreadBps: number,
): number {
  if (bidSize === undefined || askSize === undefined) return NaN;
  const depth = Math.min(bid * bidSize, ask * askSize) / Math.max(spreadBps, MIN_SPREAD_BPS);
  return depth > 0 && depth < Infinity ? depth : NaN;
}
