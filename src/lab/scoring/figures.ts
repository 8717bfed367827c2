export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Four decimals say all there is to know, and the same on every machine. */
export function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** For a reader: one decimal, and no more digits than can be read. */
export function brief(value: number): string {
  return Math.abs(value) >= 1e6 ? value.toExponential(1) : String(Math.round(value * 10) / 10);
}
