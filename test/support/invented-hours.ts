import type { Oracle } from '../../src/oracle/oracle';
import { HOUR_MS } from '../../src/oracle/units/time';
import { T0 } from './oracle-driver';

/** As many as give every model a past. */
export const INVENTED_HOURS = 1_100;

/** Between -1 and 1, without a pattern that a model would find. */
export function bump(step: number): number {
  return (((step * step * 3 + step * 17) % 101) - 50) / 50;
}

/** Gives the first feed a past of hours that ends with the hour of `T0`. */
export function inventHours(oracle: Oracle): void {
  let close = 65_000;
  const bars = Array.from({ length: INVENTED_HOURS }, (_, hour) => {
    const open = close;
    close = open * Math.exp(0.004 * bump(hour));
    return { open, close, high: Math.max(open, close) * 1.001, low: Math.min(open, close) * 0.999 };
  });
  oracle.warmUp(0, Math.floor(T0 / HOUR_MS) - INVENTED_HOURS, bars);
}
