/** One forecast of a tail and what came. All are losses: positive, as fractions of the log price. */
export interface TailOutcome {
  readonly loss: number;
  readonly valueAtRisk: number;
  readonly shortfall: number;
}

/** Acerbi and Székely's (2014) first statistic: how the mean loss beyond VaR compares with ES. Below 0: ES too small. */
export function acerbiSzekely1(outcomes: readonly TailOutcome[]): number {
  const beyond = outcomes.filter(({ loss, valueAtRisk }) => loss > valueAtRisk);
  return 1 - beyond.reduce((sum, { loss, shortfall }) => sum + loss / shortfall, 0) / beyond.length;
}

/** Their second, of size and number of breaches together, at tail probability `p`. Below −0.7: reject at some 5 %. */
export function acerbiSzekely2(outcomes: readonly TailOutcome[], p: number): number {
  const sum = outcomes.reduce(
    (total, { loss, valueAtRisk, shortfall }) => total + (loss > valueAtRisk ? loss / shortfall : 0),
    0,
  );
  return 1 - sum / (outcomes.length * p);
}

/** Patton, Ziegel and Chen's (2019) FZ0: the loss that VaR and ES together minimise when both are right. */
export function fz0({ loss, valueAtRisk, shortfall }: TailOutcome, p: number): number {
  const beyond = loss > valueAtRisk ? (loss - valueAtRisk) / (p * shortfall) : 0;
  return beyond + valueAtRisk / shortfall + Math.log(shortfall) - 1;
}
