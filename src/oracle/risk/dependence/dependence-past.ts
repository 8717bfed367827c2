import type { FeedPlan } from '../../plan';
import type { EpochMs } from '../../units/time';
import { RISK_STEP_MS } from '../feed-risk-past';
import type { Dependence } from '../figures';
import { DependenceModel } from './dependence-model';
import { GridPrices, KEPT_STEPS } from './grid-prices';
import { fallingTogether } from './stress';

/** The work of a step is spread over so many cuts: of one a second, four minutes of the five. */
const CUTS_A_STEP = 240;
/** In multiply-adds: less is not worth being put off. */
const MIN_PIECE = 20_000;
/** Of each pair, beside the factor of all. */
const PAIR_COST = 32;

/** All of it moves with cuts and is small; the model moves with steps of the risk grid, and is large. */
export interface DependenceState {
  /** Ids and asset versions. */
  readonly feeds: readonly string[];
  readonly recent: Float64Array;
  /** Of the same feeds, as of `recent`, or older by an hour and a half at the most. Absent: as it begins. */
  readonly model?: Float64Array;
}

/**
 * What earlier reports leave behind about how feeds move together: a fold over published prices at the steps of the risk
 * grid, so the ledger alone can rebuild it, exactly. What a step leads to is worked out over the cuts after it, a piece at
 * each, and published from the next step on: how many cuts there were changes nothing.
 */
export class DependencePast {
  private readonly keys: readonly string[];
  private readonly groups: readonly number[];
  private readonly piece: number;
  private readonly prices: GridPrices;
  private model: DependenceModel;
  /** As of this step the model was saved; NaN: not yet. */
  private savedStep = NaN;

  constructor(feeds: readonly FeedPlan[]) {
    this.keys = feeds.map(({ id, asset }) => `${id} v${asset.version}`);
    this.groups = fallingTogether(feeds);
    const size = feeds.length;
    this.piece = Math.max(MIN_PIECE, (size * size * (size / 6 + PAIR_COST)) / CUTS_A_STEP);
    this.prices = new GridPrices(size);
    this.model = new DependenceModel(this.groups, this.prices);
  }

  /** Takes what is published from an instant on; NaN while nothing is. */
  hold(feed: number, price: number, at: EpochMs): void {
    this.prices.hold(feed, price, at);
  }

  /** Lets time pass with the prices that are held, and does a piece of the work that is left. */
  elapse(at: EpochMs): void {
    const { prices, model } = this;
    const step = Math.floor(at / RISK_STEP_MS);
    for (let next = prices.isEmpty ? step : prices.step + 1; next <= step; next++) {
      prices.close(next);
      model.fold(next);
    }
    model.advance(this.piece);
  }

  /** From now on there is no price. */
  release(): void {
    this.prices.release();
  }

  /** Says the same whenever it is asked between two steps, and changes nothing. */
  figures(): Dependence | undefined {
    return this.model.published;
  }

  /** Exact; without the model, for whoever keeps that apart, small. */
  state(withModel: boolean): DependenceState {
    const model = withModel ? { model: this.model.save() } : {};
    return { feeds: this.keys, recent: this.prices.arrays.save(), ...model };
  }

  /** How many steps stand between the model that was saved and now; Infinity where it was saved of other feeds. */
  get unsavedSteps(): number {
    return this.prices.isEmpty
      ? 0
      : this.prices.step - (Number.isNaN(this.savedStep) ? this.prices.first : this.savedStep);
  }

  saveModel(): Float64Array {
    this.savedStep = this.prices.step;
    return this.model.save();
  }

  /**
   * A model that a state holds counts as not saved yet; one beside it as saved. A model from which a step is missing since is
   * none: it begins anew. Throws RangeError for a state of other estimators.
   */
  restore({ feeds, recent, model: held }: DependenceState, beside?: Float64Array): void {
    const { prices, keys, groups } = this;
    const then = keys.map((key) => feeds.indexOf(key));
    prices.arrays.restore(recent, then, feeds.length);
    this.model = new DependenceModel(groups, prices);
    const saved = beside ?? held;
    if (saved !== undefined) this.model.restore(saved, then, feeds.length);
    if (prices.step - this.model.step > KEPT_STEPS) this.model = new DependenceModel(groups, prices);
    const isSame = then.length === feeds.length && then.every((old, feed) => old === feed);
    this.savedStep = isSame && beside !== undefined ? this.model.step : -Infinity;
    const oldest = Math.max(prices.first, prices.step - KEPT_STEPS + 1);
    const next = Number.isNaN(this.model.step) ? oldest : this.model.step + 1;
    for (let step = next; step <= prices.step; step++) this.model.fold(step);
  }
}
