import { pairAt } from './feed-arrays';

/** Below the least eigenvalue asked for, so that no pivot is zero. */
const MARGIN = 1e-6;
const BISECTIONS = 50;

/**
 * Makes a correlation matrix positive definite, row by row: what came first stays as it is, and a row that contradicts
 * it gives way, where it costs the row least.
 *
 * By Cholesky's factor L of what is there, a row r is admissible when y = L⁻¹·r is no longer than 1. A y that is too long
 * is shortened to y·d/(d + μ), d being the squared pivots: most along the directions in which the feeds before hardly
 * differ, which is where noise contradicts them. All eigenvalues of the result are at least `floor`, and no
 * correlation is beyond 1 − `floor`.
 */
export class PositiveRows {
  private readonly factor: Float64Array;
  private readonly length: Float64Array;
  private size = 0;

  constructor(
    size: number,
    private readonly floor: number,
  ) {
    this.factor = new Float64Array(pairAt(size, 0));
    this.length = new Float64Array(size);
  }

  /** Takes correlations with the feeds before, and changes them where it must. */
  add(row: Float64Array): void {
    const { factor, size, length } = this;
    const room = 1 - this.floor - MARGIN;
    const base = pairAt(size, 0);
    const solved = factor.subarray(base, base + size);
    let squares = 0;
    for (let index = 0; index < size; index++) {
      const place = pairAt(index, 0);
      const rest = (row[index] as number) - dot(factor, place, solved, index);
      const value = rest / (factor[place + index] as number);
      solved[index] = value;
      squares += value * value;
    }
    if (squares > room) {
      squares = shorten(solved, length.subarray(0, size), room);
      for (let index = 0; index < size; index++) row[index] = dot(factor, pairAt(index, 0), solved, index + 1);
    }
    const pivot = 1 - this.floor - squares;
    factor[base + size] = Math.sqrt(pivot);
    length[size] = pivot;
    this.size++;
  }
}

/** Returns the squared length, which is not beyond `room`. */
function shorten(solved: Float64Array, pivots: Float64Array, room: number): number {
  const squaresWith = (weight: number): number =>
    solved.reduce((sum, value, index) => {
      const kept = (value * (pivots[index] as number)) / ((pivots[index] as number) + weight);
      return sum + kept * kept;
    }, 0);
  let [low, high] = [0, MARGIN];
  while (squaresWith(high) > room) [low, high] = [high, 2 * high];
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (squaresWith(middle) > room) low = middle;
    else high = middle;
  }
  const squares = squaresWith(high);
  for (const [index, pivot] of pivots.entries()) solved[index] = ((solved[index] as number) * pivot) / (pivot + high);
  return squares;
}

/** Of `count` numbers, in four sums that do not wait for each other. */
function dot(rows: Float64Array, from: number, other: Float64Array, count: number): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  const whole = count - (count % 4);
  for (let index = 0; index < whole; index += 4) {
    const place = from + index;
    first += (rows[place] as number) * (other[index] as number);
    second += (rows[place + 1] as number) * (other[index + 1] as number);
    third += (rows[place + 2] as number) * (other[index + 2] as number);
    fourth += (rows[place + 3] as number) * (other[index + 3] as number);
  }
  for (let index = whole; index < count; index++) first += (rows[from + index] as number) * (other[index] as number);
  return first + second + (third + fourth);
}
