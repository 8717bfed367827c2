/** Where a pair stands in a triangle: row after row, the diagonal included; `column` is not beyond `row`. */
export function pairAt(row: number, column: number): number {
  return (row * (row + 1)) / 2 + column;
}

type Shape = 'numbers' | 'rows' | 'triangle';

interface Part {
  readonly shape: Shape;
  readonly array: Float64Array;
  /** How many numbers, or how many rows. */
  readonly count: number;
  readonly initial: number;
}

/**
 * Numbers about a list of feeds and about their pairs, saved as one array of floats. Whoever reads it with another list
 * of feeds finds those that are in both.
 */
export class FeedArrays {
  private readonly parts: Part[] = [];

  constructor(private readonly feeds: number) {}

  /** Of no feed in particular. */
  numbers(count: number, initial = 0): Float64Array {
    return this.take('numbers', count, initial);
  }

  /** Row after row, in each a number of every feed. */
  rows(count: number, initial = 0): Float64Array {
    return this.take('rows', count, initial);
  }

  /** A number of every pair, by `pairAt`. */
  triangle(initial = 0): Float64Array {
    return this.take('triangle', 1, initial);
  }

  /** The same bytes for the same numbers: of the many NaN, one. */
  save(): Float64Array {
    const saved = new Float64Array(this.lengthFor(this.feeds));
    let offset = 0;
    for (const { array } of this.parts) {
      saved.set(array, offset);
      offset += array.length;
    }
    for (let index = 0; index < saved.length; index++) if (Number.isNaN(saved[index])) saved[index] = NaN;
    return saved;
  }

  /**
   * `then` is the place of each feed of now in the list of `count` feeds that was saved, -1 where it was not in it. Throws
   * RangeError for what other arrays saved.
   */
  restore(saved: Float64Array, then: readonly number[], count: number): void {
    const length = this.lengthFor(count);
    if (saved.length !== length) {
      throw new RangeError(`a state of ${saved.length} numbers, where ${count} feeds have ${length}: warm up anew`);
    }
    let offset = 0;
    for (const part of this.parts) {
      const size = sizeOf(part, count);
      const source = saved.subarray(offset, offset + size);
      offset += size;
      if (part.shape === 'numbers') part.array.set(source);
      else if (part.shape === 'rows') this.restoreRows(part, source, then, count);
      else this.restoreTriangle(part, source, then);
    }
  }

  private restoreRows(
    { array, count: rows, initial }: Part,
    source: Float64Array,
    then: readonly number[],
    count: number,
  ): void {
    for (let row = 0; row < rows; row++) {
      then.forEach((old, feed) => {
        array[row * this.feeds + feed] = old < 0 ? initial : (source[row * count + old] ?? initial);
      });
    }
  }

  private restoreTriangle({ array, initial }: Part, source: Float64Array, then: readonly number[]): void {
    then.forEach((old, row) => {
      for (let column = 0; column <= row; column++) {
        const other = then[column] ?? -1;
        const isKnown = old >= 0 && other >= 0;
        const place = pairAt(Math.max(old, other), Math.min(old, other));
        array[pairAt(row, column)] = isKnown ? (source[place] ?? initial) : initial;
      }
    });
  }

  private take(shape: Shape, count: number, initial: number): Float64Array {
    const array = new Float64Array(sizeOf({ shape, count }, this.feeds)).fill(initial);
    this.parts.push({ shape, array, count, initial });
    return array;
  }

  private lengthFor(feeds: number): number {
    return this.parts.reduce((sum, part) => sum + sizeOf(part, feeds), 0);
  }
}

function sizeOf({ shape, count }: Pick<Part, 'shape' | 'count'>, feeds: number): number {
  if (shape === 'triangle') return pairAt(feeds, 0);
  return shape === 'rows' ? count * feeds : count;
}
