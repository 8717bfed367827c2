import type { OraclePlan } from '../plan';
import { RISK_HORIZONS, type Dependence, type Risk } from '../risk/figures';
import { TAIL_LEVELS } from '../risk/horizon-tails';
import { WHOLE_CORRELATION } from './dependence-leaf';
import type { HorizonLeaf, RoundedTail } from './horizon-leaf';
import { RISK_FLAGS, type RiskHead } from './risk-head';
import { roundedCorrelations, roundedHorizons, roundedMargin } from './rounded-risk';

/** What a correlation in words is a whole number of parts of. */
const DECIMALS = 10_000;

/** What a feed's risk leaves say, in the words of docs/recording.md and docs/stream.md; undefined where there are none. */
export function riskWords(risk: Risk, feed: number, { feeds }: Pick<OraclePlan, 'feeds'>): object | undefined {
  const [said, plan] = [risk.feeds.find((each) => each.feed === feed), feeds[feed]];
  if (said === undefined || plan === undefined) return undefined;
  const horizons = roundedHorizons(risk, said, plan);
  const { haircut, costToMove, realisedPpm, diffusivePpm, implied, weightsBps, ...head } = roundedMargin(
    risk,
    said,
    plan,
  );
  return {
    asOf: risk.asOf.toString(),
    modelVersion: risk.modelVersion,
    flags: flagsOf(head),
    horizons: Object.fromEntries(RISK_HORIZONS.map((name, index) => [name, horizonWords(horizons[index])])),
    haircut,
    costToMove: costToMove?.toString(),
    realisedPpm,
    diffusivePpm,
    implied,
    weightsBps,
  };
}

/** What the blocks of the matrices say: correlations to four decimals, in rows above the diagonal. */
export function dependenceWords({ asOf, modelVersion }: Risk, dependence: Dependence): object {
  const { observations } = dependence;
  const rows = (matrix: Float64Array): number[][] => rowsAbove(roundedCorrelations(matrix, dependence), dependence);
  const [correlation, stress] = [rows(dependence.correlation), rows(dependence.stress)];
  return { asOf: asOf.toString(), modelVersion, observations, correlation, stress };
}

function rowsAbove(values: Int16Array, { feeds }: Dependence): number[][] {
  let from = 0;
  return feeds.slice(1).map((_, row) => {
    const above = values.subarray(from, from + feeds.length - 1 - row);
    from += above.length;
    return Array.from(above, (value) => Math.round((value / WHOLE_CORRELATION) * DECIMALS) / DECIMALS);
  });
}

function flagsOf({ isDegraded, jumped, flaws }: RiskHead): string[] {
  const said: Readonly<Record<string, boolean>> = { degraded: isDegraded, jumped };
  return RISK_FLAGS.filter((flag) => said[flag] ?? flaws.some((flaw) => flaw === flag));
}

function horizonWords(leaf: HorizonLeaf | undefined): object | undefined {
  if (leaf === undefined) return undefined;
  const { observations, sigmaPpm, fall, rise } = leaf;
  return { observations, sigmaPpm, fall: tailWords(fall), rise: tailWords(rise) };
}

/** By level; undefined where none has a basis. */
function tailWords(tails: readonly RoundedTail[]): object | undefined {
  const byLevel: Record<string, RoundedTail> = {};
  for (const [index, tail] of tails.entries()) byLevel[String(TAIL_LEVELS[index])] = tail;
  return tails.length === 0 ? undefined : byLevel;
}
