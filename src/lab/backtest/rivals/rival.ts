/** What one bar tells a model. All of it NaN at a gap. */
export interface Observed {
  readonly return_: number;
  /** Of the bar by its range, on the scale of squared returns. */
  readonly variance: number;
}

/** A model that Assay is measured against. */
export interface Rival {
  readonly name: string;
  /** Once a bar, gaps included. */
  observe(observed: Observed): void;
  /** Learns parameters anew from all that was observed. */
  refit?(returns: Float64Array, variances: Float64Array): void;
  /** Of the log price over the next `steps` bars; NaN while nothing is known. */
  variance(steps: number): number;
}
