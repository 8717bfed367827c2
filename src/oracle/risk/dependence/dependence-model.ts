import type { Dependence } from '../figures';
import { dependenceOf } from './correlation';
import { FeedArrays, pairAt } from './feed-arrays';
import type { GridPrices } from './grid-prices';
import { PairMoments } from './pair-moments';
import { stressed } from './stress';

/**
 * From prices at the steps of the grid to what is known of their dependence. The work that a step gives is done piece by
 * piece; what it leads to is published as the next step begins, however the pieces were cut.
 */
export class DependenceModel {
  published: Dependence | undefined;
  private readonly arrays: FeedArrays;
  private readonly moments: PairMoments;
  /** What is published, as of when it was last saved: by `pairAt`, NaN where nothing is. */
  private readonly correlations: Float64Array;
  private readonly observations: Float64Array;
  private work: Generator<number, Dependence | undefined, undefined> | undefined;
  private result: { readonly dependence: Dependence | undefined } | undefined;

  constructor(
    private readonly groups: readonly number[],
    prices: GridPrices,
  ) {
    this.arrays = new FeedArrays(groups.length);
    this.moments = new PairMoments(this.arrays, groups.length, prices);
    this.correlations = this.arrays.triangle(NaN);
    this.observations = this.arrays.numbers(1);
  }

  /** The step that was folded last; NaN before the first. */
  get step(): number {
    return this.moments.step;
  }

  fold(step: number): void {
    this.advance(Infinity);
    if (this.result !== undefined) this.published = this.result.dependence;
    this.result = undefined;
    if (this.moments.begin(step)) this.work = this.pieces();
  }

  /** Does pieces of the work until they cost so much, in multiply-adds, or none is left. */
  advance(cost: number): void {
    let left = cost;
    while (left > 0 && this.work !== undefined) {
      const piece = this.work.next();
      if (piece.done !== true) left -= piece.value;
      else {
        this.result = { dependence: piece.value };
        this.work = undefined;
      }
    }
  }

  save(): Float64Array {
    while (!this.moments.isWhole) this.moments.foldRow();
    this.keepPublished();
    return this.arrays.save();
  }

  /** See `FeedArrays.restore`. */
  restore(...saved: Parameters<FeedArrays['restore']>): void {
    this.arrays.restore(...saved);
    this.published = this.keptPublished();
    this.work = this.pieces();
  }

  private *pieces(): Generator<number, Dependence | undefined, undefined> {
    while (!this.moments.isWhole) yield this.moments.foldRow();
    return yield* dependenceOf(this.moments, this.groups);
  }

  private keepPublished(): void {
    const { correlations, observations, published } = this;
    correlations.fill(NaN);
    if (published === undefined) return;
    const { feeds, correlation } = published;
    observations[0] = published.observations;
    feeds.forEach((feed, row) => {
      for (let column = 0; column <= row; column++) {
        const value = correlation[row * feeds.length + column] as number;
        correlations[pairAt(feed, feeds[column] as number)] = value;
      }
    });
  }

  private keptPublished(): Dependence | undefined {
    const { correlations, groups } = this;
    const feeds = groups.flatMap((_, feed) => (Number.isNaN(correlations[pairAt(feed, feed)]) ? [] : [feed]));
    if (feeds.length === 0) return undefined;
    const size = feeds.length;
    const [correlation, stress] = [new Float64Array(size * size), new Float64Array(size * size)];
    feeds.forEach((feed, row) => {
      feeds.forEach((other, column) => {
        const value = correlations[pairAt(Math.max(feed, other), Math.min(feed, other))] as number;
        correlation[row * size + column] = value;
        stress[row * size + column] = row === column ? 1 : stressed(value, groups[feed] === groups[other]);
      });
    });
    return { feeds, correlation, stress, observations: this.observations[0] as number };
  }
}
