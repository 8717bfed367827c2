/** Variances forecast and realised, a row an origin. Rows in which any model is still silent are left out for all. */
export class ForecastTable {
  readonly times: number[] = [];
  readonly realised: number[] = [];
  readonly forecasts: readonly number[][];

  constructor(readonly models: readonly string[]) {
    this.forecasts = models.map(() => []);
  }

  add(at: number, realised: number, forecasts: readonly number[]): void {
    if (!forecasts.every((forecast) => forecast > 0)) return;
    this.times.push(at);
    this.realised.push(realised);
    forecasts.forEach((forecast, model) => this.forecasts[model]?.push(forecast));
  }
}
