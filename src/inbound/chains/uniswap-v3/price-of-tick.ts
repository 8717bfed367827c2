/** Ticks of a pool: https://github.com/Uniswap/v3-core/blob/main/contracts/libraries/TickMath.sol */
const MAX_TICK = 887_272;
/** ln 1.0001, from the part that a float holds exactly enough. */
const LN_TICK_BASE = Math.log1p(0.0001);
const DIGITS = 15;

/**
 * The price that a tick stands for, 1.0001^tick, in whole tokens of both sides: `shift` is the decimals of the token
 * that is priced less those of the one it is priced in. A positive decimal; undefined beyond the ticks there are.
 * Right to some 1e-12, which is far below the hundredth of a percent between two ticks.
 */
export function priceOfTick(tick: number, shift: number): string | undefined {
  if (!(Math.abs(tick) <= MAX_TICK)) return undefined;
  return decimal(Math.exp(tick * LN_TICK_BASE + shift * Math.LN10));
}

/** Without an exponent, as recordings hold decimals. */
function decimal(value: number): string {
  const [digits = '', exponent = ''] = value.toExponential(DIGITS - 1).split('e');
  const point = 1 + Number(exponent);
  const plain = digits.replace('.', '');
  if (point <= 0) return `0.${'0'.repeat(-point)}${plain}`;
  return point >= plain.length ? plain.padEnd(point, '0') : `${plain.slice(0, point)}.${plain.slice(point)}`;
}
