import { Random } from '../../lab/market/random';
import { Har } from './har';
import { LeastSquares } from './least-squares';
import { Memory } from './memory';

/** Solves A·x = b by elimination with pivots: another way than the code under test takes. */
function solved(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let i = 0; i < rows.length; i++) {
    const best = rows.slice(i).reduce((one, other) => (Math.abs(other[i]!) > Math.abs(one[i]!) ? other : one));
    rows.splice(rows.indexOf(best), 1);
    rows.splice(i, 0, best);
    for (let j = 0; j < rows.length; j++) {
      if (j === i) continue;
      const factor = rows[j]![i]! / best[i]!;
      rows[j] = rows[j]!.map((value, k) => value - factor * best[k]!);
    }
  }
  return rows.map((row, i) => row.at(-1)! / row[i]!);
}

function closedSolution(rows: number[][], y: number[]): number[] {
  const width = rows[0]!.length;
  const dot = (i: number, j: number): number => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0);
  const matrix = Array.from({ length: width }, (_, i) => Array.from({ length: width }, (__, j) => dot(i, j)));
  const right = Array.from({ length: width }, (_, i) => rows.reduce((sum, row, at) => sum + row[i]! * y[at]!, 0));
  return solved(matrix, right);
}

describe('LeastSquares', () => {
  it('has no answer while the rows do not determine one', () => {
    const squares = new LeastSquares(new Memory(), 2);
    const answer = new Float64Array([7, 7]);
    squares.add(new Float64Array([1, 2]), 3);
    squares.add(new Float64Array([2, 4]), 6);
    expect(squares.solve(answer)).toBe(false);
    expect([...answer]).toEqual([7, 7]);
  });

  it('forgets old rows by their age', () => {
    const squares = new LeastSquares(new Memory(), 1, 0.5);
    for (const y of [8, 4, 1]) squares.add(new Float64Array([1]), y);
    const answer = new Float64Array(1);
    squares.solve(answer);
    expect(answer[0]).toBeCloseTo((8 / 4 + 4 / 2 + 1) / (1 / 4 + 1 / 2 + 1), 14);
  });

  it('draws a coefficient to where it begins', () => {
    const squares = new LeastSquares(new Memory(), 1);
    squares.draw(0, 3, 2);
    squares.add(new Float64Array([1]), 10);
    const answer = new Float64Array(1);
    squares.solve(answer);
    expect(answer[0]).toBeCloseTo((3 * 2 + 10) / 4, 14);
  });
});

describe('Har', () => {
  const WINDOWS = [1, 5, 22];
  const random = new Random(3);
  let level = 1e-4;
  // Persistent daily variances, of the size that stocks have.
  const variances = Array.from({ length: 600 }, () => {
    level = 2e-6 + 0.9 * level + 0.08 * level * Math.exp(random.normal() - 0.5);
    return level * Math.exp(0.4 * random.normal());
  });
  const meanBefore = (end: number, length: number): number =>
    variances.slice(end - length, end).reduce((sum, variance) => sum + variance, 0) / length;

  it.each([1, 5])('forecasts %i bars ahead as least squares over all rows at once, to 1e-9', (steps) => {
    const har = new Har(new Memory(), steps, WINDOWS);
    const rows: number[][] = [];
    const targets: number[] = [];
    variances.forEach((variance, index) => {
      har.observe(variance, index < steps - 1 ? NaN : meanBefore(index + 1, steps) * steps);
      const end = index + 1 - steps;
      if (end < 22) return;
      rows.push([1, ...WINDOWS.map((length) => meanBefore(end, length))]);
      targets.push(meanBefore(index + 1, steps) * steps);
    });
    const coefficients = closedSolution(rows, targets);
    const now = [1, ...WINDOWS.map((length) => meanBefore(variances.length, length))];
    const expected = now.reduce((sum, x, i) => sum + x * coefficients[i]!, 0);
    expect(Math.abs(har.variance! / expected - 1)).toBeLessThan(1e-9);
  });

  it('is silent until its longest window is full, and learns from no span with a gap in it', () => {
    const har = new Har(new Memory(), 1, WINDOWS);
    for (const variance of variances.slice(0, 22)) har.observe(variance, variance);
    expect(har.variance).toBeUndefined();
    for (let bar = 0; bar < 100; bar++) har.observe(NaN, NaN);
    expect(har.variance).toBeUndefined();
    for (const variance of variances.slice(22, 60)) har.observe(variance, variance);
    expect(har.variance).toBeGreaterThan(0);
  });
});
