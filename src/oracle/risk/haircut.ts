import type { HaircutPolicy } from '../plan';
import { DAY_MS, HOUR_MS, MINUTE_MS, type EpochMs } from '../units/time';
import type { HorizonRisk } from './figures';
import { TAIL_LEVELS } from './horizon-tails';
import type { Memory } from './memory';

/** What a sale under stress may lose besides what the market takes away; of the log price, none below zero. */
export interface SaleCosts {
  readonly halfSpread: number;
  /** How far the price stands above what the asset redeems for or is pegged to, and may yet fall. */
  readonly pegGap: number;
}

const HORIZONS_MS = [MINUTE_MS, 5 * MINUTE_MS, HOUR_MS, DAY_MS, 10 * DAY_MS];
const LEVEL = TAIL_LEVELS.indexOf(0.99);
/** Keeps a haircut below the whole value where a loss is beyond what float64 tells from it. */
const MOST = 1 - 1e-9;
const STEADY_MS = 30 * DAY_MS;
const STRESS_MS = 365 * DAY_MS;

/**
 * The part of an asset's value that its sale over the liquidation horizon may lose: 1 − e^−(ES + half spread + peg gap), ES the
 * shortfall at 99 %. Undefined where there is none at the horizons on both sides of it.
 */
export function rawHaircut(
  horizons: readonly HorizonRisk[],
  horizonMs: number,
  { halfSpread, pegGap }: SaleCosts,
): number | undefined {
  const shortfall = shortfallOver(horizons, horizonMs);
  return shortfall === undefined ? undefined : haircutOf(shortfall + halfSpread + pegGap);
}

/** Of a loss of log price, at least zero. */
export function haircutOf(loss: number): number {
  return Math.min(MOST, -Math.expm1(-loss));
}

/** Between two horizons ES is a power of time. */
function shortfallOver(horizons: readonly HorizonRisk[], horizonMs: number): number | undefined {
  const above = HORIZONS_MS.findIndex((ms) => ms >= horizonMs);
  const upper = horizons[above]?.fall?.[LEVEL]?.expectedShortfall;
  if (upper === undefined || HORIZONS_MS[above] === horizonMs) return upper;
  const lower = horizons[above - 1]?.fall?.[LEVEL]?.expectedShortfall;
  if (lower === undefined) return undefined;
  const [from = 0, to = 0] = HORIZONS_MS.slice(above - 1, above + 1);
  const part = Math.log(horizonMs / from) / Math.log(to / from);
  return Math.exp((1 - part) * Math.log(lower) + part * Math.log(upper));
}

/**
 * What a haircut was, and from it the haircut that does not follow each fever: steadied by means of its own past, above a
 * floor, rising at once and falling slowly. Of the kind that EMIR asks of margin (RTS 153/2013, Art. 28). What is steadied
 * is the loss of log price, so that an asset that may lose nearly all has nearly all cut off, whatever it was before. A
 * fold over the instants at which it is observed; time without a figure does not count.
 */
export class HaircutPast {
  /** the instant reached, smoothed, Σ loss and its weight, of stressed observations likewise */
  private readonly past: Float64Array;

  constructor(
    memory: Memory,
    private readonly policy: HaircutPolicy,
  ) {
    this.past = memory.take(6).fill(0);
    this.past[0] = NaN;
    this.past[1] = NaN;
  }

  /** Undefined before the first observation. */
  get smoothed(): number | undefined {
    const [, smoothed = NaN] = this.past;
    return Number.isNaN(smoothed) ? undefined : smoothed;
  }

  /** `raw` is in [0, 1); undefined where the figure has no basis. `at` never decreases. */
  observe(at: EpochMs, raw: number | undefined): void {
    const { past, policy } = this;
    const [reached = NaN, smoothed = NaN] = past;
    past[0] = at;
    if (raw === undefined) return;
    const elapsed = Number.isNaN(reached) ? 0 : at - reached;
    const loss = -Math.log1p(-raw);
    const steady = this.average(2, STEADY_MS, elapsed, loss);
    // By rounding, a first observation may lie below itself as a mean.
    const isStressed = loss >= steady || past[5] === 0;
    const stressed = isStressed ? this.average(4, STRESS_MS, elapsed, loss) : this.mean(4);
    const { steadyWeight, stressWeight } = policy;
    const blend = haircutOf((1 - steadyWeight - stressWeight) * loss + steadyWeight * steady + stressWeight * stressed);
    const least = Math.exp((Math.log(1 - policy.maxFallPerDay) * elapsed) / DAY_MS) * smoothed;
    past[1] = Math.max(policy.floor, blend, Number.isNaN(least) ? 0 : least);
  }

  /** The mean at `place` after one more observation, each counting for the time since the one before. */
  private average(place: number, overMs: number, elapsed: number, loss: number): number {
    const { past } = this;
    const isFirst = past[place + 1] === 0;
    const decay = Math.exp(-elapsed / overMs);
    const weight = isFirst ? MINUTE_MS / overMs : 1 - decay;
    past[place] = decay * (past[place] ?? 0) + weight * loss;
    past[place + 1] = decay * (past[place + 1] ?? 0) + weight;
    return this.mean(place);
  }

  private mean(place: number): number {
    return (this.past[place] ?? 0) / (this.past[place + 1] ?? 0);
  }
}
