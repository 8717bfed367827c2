/** Milliseconds since 1970-01-01 UTC. Fractions are allowed on input. */
export type EpochMs = number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const WEEK_MS = 7 * DAY_MS;
/** 365 days: crypto trades every day, so volatility is annualised over all of them. */
export const YEAR_MS = 365 * DAY_MS;

/** A cut's number is its instant in ticks of this length. */
export const TICK_MS = 10;

/** The number of the cut that an instant falls into: whole 10 ms ticks since the epoch, some 1.8e11 today. */
export function cutNumberAt(at: EpochMs): number {
  return Math.floor(at / TICK_MS);
}

/** The first instant at which a cut of this number can be made. */
export function cutInstant(cut: number): EpochMs {
  return cut * TICK_MS;
}

/** The last instant at which consumers hold what a cut published valid, as its header says. */
export function validUntil(cutAt: EpochMs, { validForMs }: { readonly validForMs: number }): EpochMs {
  return Math.floor(cutAt) + validForMs;
}
