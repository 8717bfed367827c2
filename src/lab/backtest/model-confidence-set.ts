import { Random } from '../market/random';
import { mean } from './volatility-scores';

export interface ConfidenceSetOptions {
  /** Of the moving blocks that keep the losses' dependence; at least the horizon. */
  readonly block: number;
  readonly resamples: number;
  readonly seed: number;
}

/**
 * Hansen, Lunde and Nason's (2011) model confidence set by T_max: the p-value of each model, in the order given. A model
 * stands in the 90 % set when its p is above 0.1. Blocks are drawn circularly, the same for all models.
 */
export function modelConfidenceSet(losses: readonly ArrayLike<number>[], options: ConfidenceSetOptions): number[] {
  const means = losses.map(mean);
  const resampled = resampledMeans(losses, options);
  const p = losses.map(() => 1);
  let left = losses.map((_, model) => model);
  let worst = 0;
  while (left.length > 1) {
    const { model, chance } = elimination(left, means, resampled);
    worst = Math.max(worst, chance);
    p[model] = worst;
    left = left.filter((other) => other !== model);
  }
  return p;
}

/** Which of these does worst against their mean, and how likely chance alone makes one of them so bad. */
function elimination(
  left: readonly number[],
  means: readonly number[],
  resampled: readonly Float64Array[],
): { model: number; chance: number } {
  const average = (of: ArrayLike<number>): number =>
    left.reduce((sum, model) => sum + (of[model] ?? 0), 0) / left.length;
  const centre = average(means);
  const centres = resampled.map(average);
  const draws = left.map((model) => {
    const difference = (means[model] ?? 0) - centre;
    const moves = resampled.map((draw, index) => (draw[model] ?? 0) - (centres[index] ?? 0) - difference);
    const deviation = Math.sqrt(mean(moves.map((move) => move * move)));
    return { model, t: difference / deviation, moves: moves.map((move) => move / deviation) };
  });
  const worst = draws.reduce((one, other) => (other.t > one.t ? other : one));
  const beyond = resampled.filter((_, index) => draws.some(({ moves }) => (moves[index] ?? 0) > worst.t)).length;
  return { model: worst.model, chance: beyond / resampled.length };
}

function resampledMeans(losses: readonly ArrayLike<number>[], options: ConfidenceSetOptions): Float64Array[] {
  const n = losses[0]?.length ?? 0;
  const { block } = options;
  const blocks = Math.ceil(n / block);
  const sums = losses.map((loss) => circularSums(loss, block));
  const random = new Random(options.seed);
  return Array.from({ length: options.resamples }, () => {
    const draw = new Float64Array(losses.length);
    for (let count = 0; count < blocks; count++) {
      const start = Math.floor(random.uniform() * n);
      for (let model = 0; model < losses.length; model++)
        draw[model] = (draw[model] ?? 0) + (sums[model]?.[start] ?? 0);
    }
    return draw.map((sum) => sum / (blocks * block));
  });
}

/** Sums of `block` values from each place on, round the end. */
function circularSums(values: ArrayLike<number>, block: number): Float64Array {
  const sums = new Float64Array(values.length);
  for (let offset = 0; offset < block; offset++) {
    for (let index = 0; index < values.length; index++) {
      sums[index] = (sums[index] ?? 0) + (values[(index + offset) % values.length] ?? 0);
    }
  }
  return sums;
}
