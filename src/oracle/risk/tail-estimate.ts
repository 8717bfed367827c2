/** Quantile and mean beyond it of losses in units of σ. */
export interface TailEstimate {
  readonly quantile: number;
  readonly shortfall: number;
}

/** The extreme-value tail begins at this part of the losses and speaks from the probability below that on. */
const THRESHOLD = 0.15;
const EXTREME = 0.03;
/**
 * What is known of a tail's shape before a loss was seen, with the weight of so many: few spans do not overlap, and a shape
 * read from ten of them is noise.
 */
const USUAL_SHAPE = 0.2;
const USUAL_WEIGHT = 50;
const SHAPE_LIMITS = [-0.4, 0.8] as const;

/**
 * The tail of `size` losses by its probability; `loss(i)` is the i-th largest, and those of `steps` in a row count as one, since
 * their spans overlap. Down to 3 % it is the losses' own order; beyond, a generalised Pareto tail over the 15 % (peaks over
 * threshold), fitted by probability-weighted moments (Hosking and Wallis 1987), its shape drawn towards the usual one.
 */
export function tailOf(size: number, loss: (i: number) => number, steps: number): (alpha: number) => TailEstimate {
  const extreme = extremeTail(size, loss, steps);
  return (alpha) => (alpha > EXTREME ? empiricalTail(size, loss, alpha) : extreme(alpha));
}

/** Their own order alone. */
export function empiricalTail(size: number, loss: (i: number) => number, alpha: number): TailEstimate {
  const place = Math.max(0, alpha * (size + 1) - 1);
  const whole = Math.floor(place);
  const quantile = loss(whole) + (place - whole) * (loss(Math.min(size - 1, whole + 1)) - loss(whole));
  let sum = 0;
  for (let i = 0; i <= whole; i++) sum += loss(i);
  return { quantile, shortfall: Math.max(quantile, sum / (whole + 1)) };
}

function extremeTail(size: number, loss: (i: number) => number, steps: number): (alpha: number) => TailEstimate {
  const count = Math.floor(THRESHOLD * size);
  const threshold = loss(count);
  const seen = paretoOf(count, (i) => loss(i) - threshold);
  const weight = count / steps;
  const shape = (weight * seen.shape + USUAL_WEIGHT * USUAL_SHAPE) / (weight + USUAL_WEIGHT);
  // The mean beyond the threshold stays what was seen.
  const scale = (seen.scale * (1 - shape)) / (1 - seen.shape);
  return (alpha) => {
    const ratio = count / size / alpha;
    const stretch = Math.abs(shape) < 1e-6 ? Math.log(ratio) : (Math.exp(shape * Math.log(ratio)) - 1) / shape;
    const quantile = threshold + scale * stretch;
    return { quantile, shortfall: (quantile + scale - shape * threshold) / (1 - shape) };
  };
}

/** Generalised Pareto of `count` exceedances, `excess(i)` the i-th largest. Its shape is kept where ES exists. */
export function paretoOf(count: number, excess: (i: number) => number): { shape: number; scale: number } {
  let [mean, weighted] = [0, 0];
  for (let i = 0; i < count; i++) {
    const part = excess(i) / count;
    mean += part;
    // The i-th largest lies above all but some (i + 0.65)/n of the others.
    weighted += (part * (i + 0.65)) / count;
  }
  // Losses that are all the same.
  if (mean === 0) return { shape: 0, scale: 0 };
  const shape = Math.max(SHAPE_LIMITS[0], Math.min(SHAPE_LIMITS[1], 2 - mean / (mean - 2 * weighted)));
  return { shape, scale: mean * (1 - shape) };
}
