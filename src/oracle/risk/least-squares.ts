import type { Memory } from './memory';

/**
 * Least squares by recursion: X'X and X'y are summed as rows come, and solved when asked, so the answer is that of all
 * rows at once. With `forgetting` below 1 older rows fade by that factor a row.
 */
export class LeastSquares {
  private readonly squares: Float64Array;
  private readonly products: Float64Array;
  private readonly root: Float64Array;

  constructor(
    memory: Memory,
    private readonly width: number,
    private readonly forgetting = 1,
  ) {
    this.squares = memory.take(width * width);
    this.products = memory.take(width);
    this.root = new Float64Array(width * width);
  }

  add(row: Float64Array, y: number, weight = 1): void {
    const { width, squares, products, forgetting } = this;
    for (let i = 0; i < width; i++) {
      const x = weight * (row[i] ?? 0);
      products[i] = forgetting * (products[i] ?? 0) + x * y;
      for (let j = 0; j <= i; j++) {
        squares[i * width + j] = forgetting * (squares[i * width + j] ?? 0) + x * (row[j] ?? 0);
      }
    }
  }

  /** Adds `weight` to the i-th diagonal of X'X, drawing that coefficient to `towards`. */
  draw(i: number, weight: number, towards: number): void {
    this.squares[i * this.width + i] = (this.squares[i * this.width + i] ?? 0) + weight;
    this.products[i] = (this.products[i] ?? 0) + weight * towards;
  }

  /** Writes the coefficients; false, and nothing written, where the rows so far do not determine them. */
  solve(coefficients: Float64Array): boolean {
    return this.factor() && (this.substitute(this.products, coefficients), true);
  }

  /** How much of y'y the solved coefficients account for. */
  explained(coefficients: Float64Array): number {
    return coefficients.reduce((sum, coefficient, i) => sum + coefficient * (this.products[i] ?? 0), 0);
  }

  /** Cholesky's factor of X'X, by rows. */
  private factor(): boolean {
    const { width, squares, root } = this;
    for (let i = 0; i < width; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = squares[i * width + j] ?? 0;
        for (let k = 0; k < j; k++) sum -= (root[i * width + k] ?? 0) * (root[j * width + k] ?? 0);
        if (i !== j) root[i * width + j] = sum / (root[j * width + j] ?? 1);
        else if (sum > 1e-13 * (squares[i * width + i] ?? 0)) root[i * width + i] = Math.sqrt(sum);
        else return false;
      }
    }
    return true;
  }

  private substitute(right: Float64Array, into: Float64Array): void {
    const { width, root } = this;
    for (let i = 0; i < width; i++) {
      let sum = right[i] ?? 0;
      for (let k = 0; k < i; k++) sum -= (root[i * width + k] ?? 0) * (into[k] ?? 0);
      into[i] = sum / (root[i * width + i] ?? 1);
    }
    for (let i = width - 1; i >= 0; i--) {
      let sum = into[i] ?? 0;
      for (let k = i + 1; k < width; k++) sum -= (root[k * width + i] ?? 0) * (into[k] ?? 0);
      into[i] = sum / (root[i * width + i] ?? 1);
    }
  }
}
