/** Quantile and mean beyond it of losses in units of σ. */
export interface TailEstimate {
  readonly quantile: number;
  readonly shortfall: number;
}

/** The extreme-value tail begins at this part of the losses and speaks from the level below that on. */
const THRESHOLD = 0.05;
const EXTREME = 0.005;
const SHAPE_LIMITS = [-0.4, 0.8] as const;

/**
 * The tail of `size` losses beyond probability `alpha`; `loss(i)` is the i-th largest. Down to 0.5 % it is the losses' own
 * order; beyond, where hardly any are left, a generalised Pareto tail over the 5 % (peaks over threshold), fitted by
 * probability-weighted moments (Hosking and Wallis 1987).
 */
export function estimateTail(size: number, loss: (i: number) => number, alpha: number): TailEstimate {
  return alpha > EXTREME ? empiricalTail(size, loss, alpha) : extremeTail(size, loss, alpha);
}

function empiricalTail(size: number, loss: (i: number) => number, alpha: number): TailEstimate {
  const place = Math.max(0, alpha * (size + 1) - 1);
  const whole = Math.floor(place);
  const quantile = loss(whole) + (place - whole) * (loss(Math.min(size - 1, whole + 1)) - loss(whole));
  let sum = 0;
  for (let i = 0; i <= whole; i++) sum += loss(i);
  return { quantile, shortfall: Math.max(quantile, sum / (whole + 1)) };
}

function extremeTail(size: number, loss: (i: number) => number, alpha: number): TailEstimate {
  const count = Math.floor(THRESHOLD * size);
  const threshold = loss(count);
  const { shape, scale } = paretoOf(count, (i) => loss(i) - threshold);
  const ratio = count / size / alpha;
  const stretch = Math.abs(shape) < 1e-6 ? Math.log(ratio) : (Math.exp(shape * Math.log(ratio)) - 1) / shape;
  const quantile = threshold + scale * stretch;
  return { quantile, shortfall: (quantile + scale - shape * threshold) / (1 - shape) };
}

/** Generalised Pareto of `count` exceedances, `excess(i)` the i-th largest. Its shape is kept where ES exists. */
export function paretoOf(count: number, excess: (i: number) => number): { shape: number; scale: number } {
  let [mean, weighted] = [0, 0];
  for (let i = 0; i < count; i++) {
    mean += excess(i) / count;
    // The i-th largest lies above all but some (i + 0.65)/n of the others.
    weighted += (excess(i) * (i + 0.65)) / count / count;
  }
  const shape = Math.max(SHAPE_LIMITS[0], Math.min(SHAPE_LIMITS[1], 2 - mean / (mean - 2 * weighted)));
  return { shape, scale: mean * (1 - shape) };
}
