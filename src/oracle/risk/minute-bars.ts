import type { Bar } from './bar';
import type { Memory } from './memory';

/** Bars that are kept: those of the hour before a model was last saved, and some. */
const KEPT = 90;
/** A minute of which less than this was seen is a gap. */
const MIN_SECONDS = 30;
/** Over how many minutes gaps are counted. */
const RECENT = 60;
const WIDTH = 4;

/** From prices a second apart to bars of a minute, the last of which are kept. */
export class MinuteBars {
  /** of the minute that is under way: open, high, low, close, seconds */
  private readonly open: Float64Array;
  /** the minute last closed, whether it waits to be folded, minutes closed */
  private readonly clock: Float64Array;
  /** By minute modulo `KEPT`: open, high, low, close; NaN at a gap. */
  private readonly kept: Float64Array;

  constructor(memory: Memory) {
    this.open = memory.take(5);
    this.clock = memory.take(3);
    this.kept = memory.take(KEPT * WIDTH).fill(NaN);
  }

  /** Takes the price at the end of a second; NaN where there was none. */
  observe(price: number): void {
    if (Number.isNaN(price)) return;
    const { open } = this;
    const [first = 0, high = 0, low = 0, , seconds = 0] = open;
    open[0] = seconds === 0 ? price : first;
    open[1] = seconds === 0 ? price : Math.max(high, price);
    open[2] = seconds === 0 ? price : Math.min(low, price);
    open[3] = price;
    open[4] = seconds + 1;
  }

  /** Ends a minute, the one after that which was ended last. */
  close(minute: number): void {
    const { open, clock, kept } = this;
    const isGap = (open[4] ?? 0) < MIN_SECONDS;
    const place = (minute % KEPT) * WIDTH;
    for (let index = 0; index < WIDTH; index++) kept[place + index] = isGap ? NaN : (open[index] ?? NaN);
    open.fill(0);
    clock[0] = minute;
    clock[1] = 1;
    clock[2] = (clock[2] ?? 0) + 1;
  }

  /** The minute that was closed last, counted from the epoch. */
  get minute(): number {
    return this.clock[0] ?? NaN;
  }

  /** Whether it has yet to be folded. */
  get isPending(): boolean {
    return this.clock[1] === 1;
  }

  set isPending(isPending: boolean) {
    this.clock[1] = isPending ? 1 : 0;
  }

  /** Undefined at a gap. */
  bar(minute: number): Bar | undefined {
    const place = (minute % KEPT) * WIDTH;
    const [open = NaN, high = NaN, low = NaN, close = NaN] = this.kept.subarray(place, place + WIDTH);
    return Number.isNaN(open) ? undefined : { open, high, low, close };
  }

  /** Share of the last hour's minutes that were gaps, of those that it lived through. */
  get gaps(): number {
    const count = Math.min(RECENT, this.lived);
    let gaps = 0;
    for (let back = 0; back < count; back++) {
      if (Number.isNaN(this.kept[((this.minute - back) % KEPT) * WIDTH])) gaps++;
    }
    return count === 0 ? 0 : gaps / count;
  }

  /** How many minutes were closed so far. */
  get lived(): number {
    return this.clock[2] ?? 0;
  }

  /** Whether all that was closed after a minute is kept; NaN stands for the time before the first. */
  hasAllSince(minute: number): boolean {
    return (Number.isNaN(minute) ? this.lived : this.minute - minute) <= KEPT;
  }

  /** Gives again what is kept of what was folded after a minute; NaN stands for the time before the first. */
  replay(after: number, fold: (minute: number, bar: Bar | undefined) => void): void {
    const lived = Math.min(KEPT, this.lived);
    const last = this.isPending ? this.minute - 1 : this.minute;
    const first = Number.isNaN(after) ? this.minute - lived + 1 : after + 1;
    for (let minute = first; minute <= last; minute++) fold(minute, this.bar(minute));
  }
}
