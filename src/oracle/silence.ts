import type { EpochMs } from './units/time';

/** What remembers published cuts, and lets time pass with what stands. */
interface Past {
  elapse(at: EpochMs): unknown;
  /** Nothing stands from now on. */
  release(): void;
}

/**
 * Brings pasts over a time in which nothing was published. What was published stands until it has run out, for so long
 * consumers hold it valid; after that there was nothing. Returns whether it has run out.
 */
export function passSilence(pasts: readonly Past[], validUntil: EpochMs, at: EpochMs): boolean {
  const hasRunOut = !(at <= validUntil);
  for (const past of pasts) {
    if (hasRunOut) {
      if (validUntil > -Infinity) past.elapse(validUntil);
      past.release();
    }
    past.elapse(at);
  }
  return hasRunOut;
}
