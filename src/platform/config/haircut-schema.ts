import { z } from 'zod';
import { DAY_MS, MINUTE_MS } from '../../oracle/units/time';

const part = z.number().min(0).max(1);

export const haircutKeys = {
  liquidationHorizonMs: z
    .int()
    .min(MINUTE_MS)
    .max(10 * DAY_MS),
  floor: part,
  steadyWeight: part,
  stressWeight: part,
  maxFallPerDay: z.number().min(0).max(0.9),
};

/** Of the haircut of a feed by default; how they were chosen is told in docs/backtest.md. */
export const haircutSchema = z.strictObject({
  liquidationHorizonMs: haircutKeys.liquidationHorizonMs.default(DAY_MS),
  floor: part.default(0.01),
  steadyWeight: part.default(0.7),
  stressWeight: part.default(0),
  maxFallPerDay: haircutKeys.maxFallPerDay.default(0.07),
});
