import { verdictCode, type VerdictColumns } from '../verdict';

const USED = verdictCode('used');

/** Collects the verdicts of a cut in columns that are reused from cut to cut. */
export class VerdictRows {
  private count = 0;
  private readonly source: Uint32Array;
  private readonly code: Uint8Array;
  private readonly weight: Float64Array;
  private readonly measured: Float64Array;
  private readonly limit: Float64Array;
  private readonly depth: Float32Array;

  constructor(capacity: number) {
    this.source = new Uint32Array(capacity);
    this.code = new Uint8Array(capacity);
    this.weight = new Float64Array(capacity);
    this.measured = new Float64Array(capacity);
    this.limit = new Float64Array(capacity);
    this.depth = new Float32Array(capacity);
  }

  /** Returns the row, for `weigh`. */
  add(source: number, code: number, measured: number, limit: number): number {
    const row = this.count++;
    this.source[row] = source;
    this.code[row] = code;
    this.weight[row] = 0;
    this.measured[row] = measured;
    this.limit[row] = limit;
    this.depth[row] = NaN;
    return row;
  }

  /** Adds a source that has a vote. `depth` is in the currency of its feed, as its price is; NaN where it is not known. */
  use(source: number, price: number, depth: number): number {
    const row = this.add(source, USED, price, NaN);
    this.depth[row] = depth;
    return row;
  }

  /** Gives the row another verdict, once its source has been held against the others. */
  overrule(row: number, code: number, measured: number, limit: number): void {
    this.code[row] = code;
    this.measured[row] = measured;
    this.limit[row] = limit;
    this.depth[row] = NaN;
  }

  weigh(row: number, weight: number): void {
    this.weight[row] = weight;
  }

  /** Copies of what was collected, and an empty collection. */
  take(): VerdictColumns {
    const { count } = this;
    this.count = 0;
    return {
      source: this.source.slice(0, count),
      code: this.code.slice(0, count),
      weight: this.weight.slice(0, count),
      measured: this.measured.slice(0, count),
      limit: this.limit.slice(0, count),
      depth: this.depth.slice(0, count),
    };
  }
}
