import { SECOND_MS, type EpochMs } from '../../units/time';
import { RISK_STEP_MS } from '../feed-risk-past';
import { FeedArrays } from './feed-arrays';

/** A price that stood still for so many steps, six hours, begins anew: what came in between is no one return. */
export const MAX_SPAN = 72;
/** A model that was saved so many steps ago, an hour and a half, can still be brought up to date. */
export const KEPT_STEPS = 18;
/** The step before the longest span, and those to be folded again. */
const ROWS = MAX_SPAN + KEPT_STEPS + 2;

/** Prices that changed within one of these are as good as simultaneous. */
const SLOT_MS = 10 * SECOND_MS;
export const SLOTS_A_STEP = RISK_STEP_MS / SLOT_MS;

/** What was published at the last grid points, and when each price had come: all that moves between two of them. */
export class GridPrices {
  readonly arrays: FeedArrays;
  /** The step whose end was reached, and the first that was. */
  private readonly clock: Float64Array;
  private readonly held: Float64Array;
  private readonly heldSince: Float64Array;
  /** By step modulo `ROWS`. */
  private readonly logRows: readonly Float64Array[];
  private readonly slotRows: readonly Float64Array[];

  constructor(feeds: number) {
    this.arrays = new FeedArrays(feeds);
    this.clock = this.arrays.numbers(2, NaN);
    this.held = this.arrays.rows(1, NaN);
    this.heldSince = this.arrays.rows(1, -Infinity);
    const [logs, slots] = [this.arrays.rows(ROWS, NaN), this.arrays.rows(ROWS, -Infinity)];
    const rowsOf = (array: Float64Array): Float64Array[] =>
      Array.from({ length: ROWS }, (_, row) => array.subarray(row * feeds, (row + 1) * feeds));
    this.logRows = rowsOf(logs);
    this.slotRows = rowsOf(slots);
  }

  get isEmpty(): boolean {
    return Number.isNaN(this.step);
  }

  /** The step that was closed last; NaN before the first. */
  get step(): number {
    return this.clock[0] as number;
  }

  /** The step that was closed first; NaN before it. */
  get first(): number {
    return this.clock[1] as number;
  }

  /** Takes what is published from an instant on; NaN while nothing is. */
  hold(feed: number, price: number, at: EpochMs): void {
    if (this.held[feed] === price) return;
    this.held[feed] = price;
    this.heldSince[feed] = Math.ceil(at / SLOT_MS);
  }

  release(): void {
    this.held.fill(NaN);
  }

  /** Ends a step with the prices that are held. */
  close(step: number): void {
    const logs = this.logs(step);
    this.held.forEach((price, feed) => {
      logs[feed] = Math.log(price);
    });
    this.slots(step).set(this.heldSince);
    if (this.isEmpty) this.clock[1] = step;
    this.clock[0] = step;
  }

  /** Log prices as a step ended, by feed; NaN where there was none. */
  logs(step: number): Float64Array {
    return this.logRows[step % ROWS] as Float64Array;
  }

  /** In which slot of the epoch each of these prices had come. */
  slots(step: number): Float64Array {
    return this.slotRows[step % ROWS] as Float64Array;
  }
}
