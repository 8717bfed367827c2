import { SLACK, sort } from './median';

/** Votes that are unsure: each spreads its share of the weight evenly over `value ± reach`. A vote without reach is a point. */
export interface Intervals {
  readonly count: number;
  readonly value: Float64Array;
  readonly reach: Float64Array;
  readonly share: Float64Array;
}

/** Finds the weighted median of intervals, with scratch of its own. */
export class IntervalMedian {
  /** Where intervals begin and end: two numbers a vote, ascending. */
  private readonly ends: Float64Array;
  private readonly stops: Float64Array;

  constructor(capacity: number) {
    this.ends = new Float64Array(2 * capacity);
    this.stops = new Float64Array(capacity);
  }

  /**
   * Where half of the weight of all intervals lies below. Where that holds all along a gap between them, the weights
   * decide nothing, and it is the gap's nearest point to `tieBreak`: its middle where that is NaN. If all are points,
   * this is their weighted median. NaN of none.
   */
  of(votes: Intervals, tieBreak: number): number {
    const { count, share } = votes;
    if (count === 0) return NaN;
    let total = 0;
    for (let i = 0; i < count; i++) total += share[i] as number;
    const half = total / 2;
    const slack = total * SLACK;

    const { ends } = this;
    this.sortEnds(votes);
    // The first end at which half is reached, sought where it would be if weight were spread evenly over the ends.
    let low = -1;
    let high = 2 * count - 1;
    let before = 0;
    let reached = total;
    while (high - low > 1) {
      const guess = low + Math.round(((half - before) / (reached - before)) * (high - low));
      const middle = Math.min(Math.max(guess, low + 1), high - 1);
      const below = weightUpTo(ends[middle] as number, votes, true);
      if (below >= half - slack) {
        high = middle;
        reached = below;
      } else {
        low = middle;
        before = below;
      }
    }
    const end = ends[high] as number;
    if (Math.abs(reached - half) <= slack) {
      const next = this.flatUntil(high, votes, half + slack);
      return Number.isNaN(tieBreak) ? end + (next - end) / 2 : Math.min(Math.max(end, tieBreak), next);
    }
    if (low < 0) return end;
    const start = ends[low] as number;
    const upTo = weightUpTo(end, votes, false);
    return upTo < half ? end : start + ((half - before) / (upTo - before)) * (end - start);
  }

  /** Beginnings alone and ends alone are half as many each, and cheaper to merge than to sort together. */
  private sortEnds({ count, value, reach }: Intervals): void {
    const { ends, stops } = this;
    for (let i = 0; i < count; i++) {
      ends[i] = (value[i] as number) - (reach[i] as number);
      stops[i] = (value[i] as number) + (reach[i] as number);
    }
    sort(ends, count);
    sort(stops, count);
    let start = count - 1;
    let stop = count - 1;
    for (let place = 2 * count - 1; stop >= 0; place--) {
      const isStart = start >= 0 && (ends[start] as number) > (stops[stop] as number);
      ends[place] = isStart ? (ends[start--] as number) : (stops[stop--] as number);
    }
  }

  /** Where the gap ends in which no weight lies above the end at a place; that end itself where there is none. */
  private flatUntil(place: number, votes: Intervals, most: number): number {
    const { ends } = this;
    const end = ends[place] as number;
    for (let i = place + 1; i < 2 * votes.count; i++) {
      const next = ends[i] as number;
      if (next > end) return weightUpTo(next, votes, false) <= most ? next : end;
    }
    return end;
  }
}

/** The weight below `limit`, and at it if that is asked for. */
function weightUpTo(limit: number, { count, value, reach, share }: Intervals, isInclusive: boolean): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const start = (value[i] as number) - (reach[i] as number);
    const width = 2 * (reach[i] as number);
    if (limit > start + width || (isInclusive && limit === start + width)) sum += share[i] as number;
    else if (limit > start && width > 0) sum += ((limit - start) / width) * (share[i] as number);
  }
  return sum;
}
