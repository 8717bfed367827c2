import type { FeedPlan } from '../plan';
import {
  RISK_HORIZONS,
  type Dependence,
  type FeedRisk,
  type HorizonRisk,
  type ImpliedRisk,
  type Risk,
  type Tail,
} from '../risk/figures';
import { valuesIn, WHOLE_CORRELATION } from './dependence-leaf';
import type { HorizonLeaf, RoundedTail } from './horizon-leaf';
import type { ImpliedFields, MarginLeaf } from './margin-leaf';
import type { RiskHead } from './risk-head';

const PPM = 1_000_000;
const BPS = 10_000;
const MAX_U32 = 0xffff_ffff;
const MAX_U48 = 0xffff_ffff_ffff;

/** Where every risk figure is rounded, once: to the cautious side. What fits no field is absent, as what has no basis. */
export function roundedHorizons(risk: Risk, feed: FeedRisk, plan: FeedPlan): HorizonLeaf[] {
  const head = headOf(risk, feed, plan);
  return RISK_HORIZONS.map((horizon, index) => ({ ...head, horizon, ...roundedHorizon(feed.horizons[index]) }));
}

/** As `roundedHorizons`, of what is known besides. */
export function roundedMargin(risk: Risk, feed: FeedRisk, plan: FeedPlan): MarginLeaf {
  const { haircut, costToMove, realised, implied, weights } = feed;
  const [raw, smoothed] = [ppmUp(haircut?.raw), ppmUp(haircut?.smoothed)];
  const isHaircut = raw !== undefined && smoothed !== undefined;
  const realisedPpm = volatilityPpm(realised?.sigma);
  return {
    ...headOf(risk, feed, plan),
    haircut: isHaircut ? { rawPpm: Math.min(PPM, raw), smoothedPpm: Math.min(PPM, smoothed) } : undefined,
    costToMove: costDown(costToMove),
    realisedPpm,
    diffusivePpm: realisedPpm === undefined ? undefined : ppmUp(realised?.diffusive),
    implied: implied && roundedImplied(implied),
    weightsBps: (weights ?? []).map((weight) => Math.round(weight * BPS)),
  };
}

/**
 * Rows of a matrix above its diagonal in parts of `WHOLE_CORRELATION`, row after row; all rows unless some are named. Rounding
 * alone could leave it indefinite: it moves each row by at most (n − 1)/2 parts, so the matrix is first drawn that much
 * towards the identity.
 */
export function roundedCorrelations(
  matrix: Float64Array,
  { feeds }: Dependence,
  { firstRow, rows } = { firstRow: 0, rows: Math.max(0, feeds.length - 1) },
): Int16Array {
  const size = feeds.length;
  const kept = 1 - (size - 1) / (2 * WHOLE_CORRELATION);
  const values = new Int16Array(valuesIn(size, firstRow, rows));
  let at = 0;
  for (let row = firstRow; row < firstRow + rows; row += 1) {
    for (let column = row + 1; column < size; column += 1, at += 1) {
      values[at] = Math.round((matrix[row * size + column] ?? 0) * kept * WHOLE_CORRELATION);
    }
  }
  return values;
}

function roundedImplied({ volatility, observedAt, ...weights }: ImpliedRisk): ImpliedFields | undefined {
  const ppm = volatilityPpm(volatility);
  if (ppm === undefined) return undefined;
  const [dayWeightBps, tenDayWeightBps] = [Math.round(weights.dayWeight * BPS), Math.round(weights.tenDayWeight * BPS)];
  return { volatilityPpm: ppm, observedAt: Math.floor(observedAt), dayWeightBps, tenDayWeightBps };
}

function headOf({ asOf, modelVersion }: Risk, feed: FeedRisk, { id, asset }: FeedPlan): RiskHead {
  const { isDegraded, jumped, flaws = [] } = feed;
  return { feed: id, assetVersion: asset.version, asOf, modelVersion, isDegraded, jumped, flaws };
}

function roundedHorizon(risk: HorizonRisk | undefined): Omit<HorizonLeaf, keyof RiskHead | 'horizon'> {
  const observations = Math.min(MAX_U32, Math.floor(risk?.observations ?? 0));
  const side = (tails: readonly Tail[] | undefined): RoundedTail[] => (observations === 0 ? [] : roundedSide(tails));
  return { observations, sigmaPpm: volatilityPpm(risk?.sigma), fall: side(risk?.fall), rise: side(risk?.rise) };
}

/** Levels are estimated one by one; published, a rarer one never says less, nor a shortfall less than what it lies beyond. */
function roundedSide(tails: readonly Tail[] = []): RoundedTail[] {
  const side: RoundedTail[] = [];
  for (const tail of tails) {
    const { valueAtRiskPpm = 0, expectedShortfallPpm = 0 } = side.at(-1) ?? {};
    const [quantile, shortfall] = [ppmUp(tail.valueAtRisk), ppmUp(tail.expectedShortfall)];
    if (quantile === undefined || shortfall === undefined) break;
    const valueAtRisk = Math.max(valueAtRiskPpm, quantile);
    side.push({
      valueAtRiskPpm: valueAtRisk,
      expectedShortfallPpm: Math.max(expectedShortfallPpm, valueAtRisk, shortfall),
    });
  }
  return side;
}

/** A cap that follows it is the lower for it. */
function costDown(cost = NaN): number | undefined {
  const units = Math.min(MAX_U48, Math.floor(cost));
  return units >= 0 ? Math.abs(units) : undefined;
}

/** One of zero has no basis. */
function volatilityPpm(sigma: number | undefined): number | undefined {
  const ppm = ppmUp(sigma);
  return ppm === 0 ? undefined : ppm;
}

/** A loss below zero is none. */
function ppmUp(figure = NaN): number | undefined {
  const ppm = Math.max(0, Math.ceil(figure * PPM));
  return ppm <= MAX_U32 ? ppm : undefined;
}
