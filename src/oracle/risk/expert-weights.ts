import type { Memory } from './memory';

/** A gradient beyond this says no more about the experts than this. */
const MAX_GRADIENT = 10;

/**
 * A forecast as the weighted mean of experts' forecasts. Weights follow the exponentiated gradient of QLIKE (Kivinen and
 * Warmuth 1997) and share a fixed part among all (Herbster and Warmuth 1998), so that a regime change finds each expert
 * still in the race. An expert that has no forecast yet is NaN and keeps its weight.
 */
export class ExpertWeights {
  readonly weights: Float64Array;

  constructor(
    memory: Memory,
    experts: number,
    private readonly rate: number,
    private readonly share: number,
  ) {
    this.weights = memory.take(experts).fill(1 / experts);
  }

  /** NaN where no expert has a forecast. */
  mix(forecasts: Float64Array): number {
    let sum = 0;
    let total = 0;
    for (let k = 0; k < forecasts.length; k++) {
      const forecast = forecasts[k] ?? NaN;
      if (Number.isNaN(forecast)) continue;
      sum += (this.weights[k] ?? 0) * forecast;
      total += this.weights[k] ?? 0;
    }
    return sum / total;
  }

  learn(forecasts: Float64Array, y: number): void {
    const { weights, rate, share } = this;
    const mixed = this.mix(forecasts);
    if (Number.isNaN(mixed)) return;
    const slope = (1 - y / mixed) / mixed;
    let total = 0;
    for (let k = 0; k < weights.length; k++) {
      const forecast = forecasts[k] ?? NaN;
      const gradient = Number.isNaN(forecast) ? slope * mixed : slope * forecast;
      const bounded = Math.max(-MAX_GRADIENT, Math.min(MAX_GRADIENT, gradient));
      weights[k] = (weights[k] ?? 0) * Math.exp(-rate * bounded);
      total += weights[k] ?? 0;
    }
    for (let k = 0; k < weights.length; k++) {
      weights[k] = ((1 - share) * (weights[k] ?? 0)) / total + share / weights.length;
    }
  }
}
