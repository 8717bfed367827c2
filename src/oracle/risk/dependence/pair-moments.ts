import { DAY_MS } from '../../units/time';
import { RISK_STEP_MS } from '../feed-risk-past';
import { type FeedArrays, pairAt } from './feed-arrays';
import { MAX_SPAN, SLOTS_A_STEP, type GridPrices } from './grid-prices';

const STEPS_A_DAY = DAY_MS / RISK_STEP_MS;
/** RiskMetrics (1994): of daily returns 0.94; of what lasts longer, as correlation does, 0.97. */
const VARIANCE_DECAY = Math.exp(Math.log(0.94) / STEPS_A_DAY);
export const CORRELATION_DECAY = Math.exp(Math.log(0.97) / STEPS_A_DAY);
const DECAY = CORRELATION_DECAY;
/** Moves after which a feed's own variance is a measure for its next. */
const SEASONING = 12;
/** A move counts for no more than this many of its standard deviations: of a full memory, less than half a per cent. */
const MAX_SIGMAS = 6;

/** What a row of prompt feeds costs for each pair, and any other: multiply-adds, roughly. */
const PROMPT_COST = 2;
const OTHER_COST = 16;

/**
 * Second moments of all pairs of feeds, by steps of the risk grid. Each feed's return is divided by its own standard
 * deviation first, which decays faster than what the pairs remember.
 *
 * The estimator is that of Hayashi and Yoshida (2005), of the last change within each step: a product for each two
 * intervals between changes that overlap, whenever they began. Of feeds that change as a step ends, the intervals are the
 * step, and it is the product of their returns over it. All sums are kept beside the steps that they are of, so a step in
 * which one of a pair had no price adds nothing to either.
 */
export class PairMoments {
  /** the step folded last, squared products of pairs, pairs */
  private readonly totals: Float64Array;
  /** Σ r² of the feed's own returns, over how many steps, in how many moves. */
  private readonly variance: Float64Array;
  private readonly steps: Float64Array;
  readonly moves: Float64Array;
  /** The step at whose end the feed's price last changed; NaN while it has none. */
  private readonly anchor: Float64Array;
  /** The step from whose end on its pairs count; NaN while they do not. */
  private readonly since: Float64Array;
  private readonly products: Float64Array;
  /** Steps behind each product. */
  private readonly weights: Float64Array;

  /** Of the step that is under way. */
  private row: number;
  /** The move since the last change, in standard deviations; zero where there was none. Clipped. */
  private readonly move: Float64Array;
  /** Over how many steps; zero where there was none. */
  private readonly span: Float64Array;
  private readonly precision: Float64Array;
  /** 1 where the step counts, else 0. */
  private readonly alive: Float64Array;
  /** `move` of those that changed as this step ended and as the one before did, else 0. */
  private readonly prompt: Float64Array;
  /** Those alive whose moves are not. */
  private late: readonly number[] = [];

  constructor(
    arrays: FeedArrays,
    private readonly feeds: number,
    private readonly prices: GridPrices,
  ) {
    this.totals = arrays.numbers(3);
    this.totals[0] = NaN;
    [this.variance, this.steps, this.moves] = [arrays.rows(1), arrays.rows(1), arrays.rows(1)];
    [this.anchor, this.since] = [arrays.rows(1, NaN), arrays.rows(1, NaN)];
    [this.products, this.weights] = [arrays.triangle(), arrays.triangle()];
    this.row = feeds;
    const perFeed = (): Float64Array => new Float64Array(feeds);
    [this.move, this.span, this.precision, this.alive, this.prompt] = [
      perFeed(),
      perFeed(),
      perFeed(),
      perFeed(),
      perFeed(),
    ];
  }

  /** The step folded last, or under way; NaN before the first. */
  get step(): number {
    return this.totals[0] as number;
  }

  /** Whether the step that was begun has been folded. */
  get isWhole(): boolean {
    return this.row === this.feeds;
  }

  /** Begins to fold the next step, which is to follow row by row. Returns false where nobody has a price: it leaves no trace. */
  begin(step: number): boolean {
    const { totals, prices } = this;
    totals[0] = step;
    if (prices.logs(step).every(Number.isNaN)) {
      this.anchor.fill(NaN);
      this.since.fill(NaN);
      return false;
    }
    totals[1] = DECAY * (totals[1] as number);
    totals[2] = DECAY * (totals[2] as number);
    const late: number[] = [];
    for (let feed = 0; feed < this.feeds; feed++) {
      this.beginFeed(feed, step);
      if (this.alive[feed] === 1 && this.prompt[feed] === 0) late.push(feed);
    }
    this.late = late;
    this.row = 0;
    return true;
  }

  /** Folds one feed's pairs with those before it. Returns what it cost. */
  foldRow(): number {
    const { row, products, weights, prompt, alive, late } = this;
    const base = pairAt(row, 0);
    const [own, isAlive] = [prompt[row] as number, alive[row] as number];
    let [squares, pairs] = [0, 0];
    for (let column = 0; column < row; column++) {
      const product = own * (prompt[column] as number);
      const both = isAlive * (alive[column] as number);
      products[base + column] = DECAY * (products[base + column] as number) + product;
      weights[base + column] = DECAY * (weights[base + column] as number) + both;
      squares += product * product;
      pairs += both;
    }
    const move = this.move[row] as number;
    products[base + row] = DECAY * (products[base + row] as number) + move * move * isAlive;
    weights[base + row] = DECAY * (weights[base + row] as number) + isAlive;
    let cost = PROMPT_COST * row;
    if (isAlive === 1) {
      const isLate = own === 0;
      const others = isLate ? row : late.length;
      for (let index = 0; index < others; index++) {
        const column = isLate ? index : (late[index] as number);
        if (column >= row) break;
        if (alive[column] === 0) continue;
        const product = this.overlap(row, column);
        products[base + column] = (products[base + column] as number) + product;
        squares += product * product;
      }
      cost += OTHER_COST * others;
    }
    this.totals[1] = (this.totals[1] as number) + squares;
    this.totals[2] = (this.totals[2] as number) + pairs;
    this.row++;
    return cost;
  }

  /** How many steps a pair's covariance rests on. */
  weight(one: number, other: number): number {
    return this.weights[placeOf(one, other)] as number;
  }

  /** Of a pair's moves, in their standard deviations, over a step; NaN without one. */
  covariance(one: number, other: number): number {
    const place = placeOf(one, other);
    return (this.products[place] as number) / (this.weights[place] as number);
  }

  /** The mean squared product of two moves: how heavy their tails are. */
  get meanSquare(): number {
    return (this.totals[1] as number) / (this.totals[2] as number);
  }

  /** Of the feed's return over a step. */
  varianceOf(feed: number): number {
    return (this.variance[feed] as number) / (this.steps[feed] as number);
  }

  private beginFeed(feed: number, step: number): void {
    const { variance, steps, moves, anchor, since, prices } = this;
    const log = prices.logs(step)[feed] as number;
    const from = anchor[feed] as number;
    const hasReturn = !Number.isNaN(log) && !Number.isNaN(from);
    const before = hasReturn ? (prices.logs(from)[feed] as number) : NaN;
    const hasMoved = hasReturn && log !== before;
    const isSeasoned = (moves[feed] as number) >= SEASONING;
    const precision = 1 / Math.sqrt(this.varianceOf(feed));
    const span = hasMoved ? step - from : 0;
    const move = isSeasoned ? clipped((log - before) * precision, span) : 0;
    const change = isSeasoned ? move / precision : log - before;
    this.precision[feed] = precision;
    this.span[feed] = span;
    this.move[feed] = hasMoved ? move : 0;
    this.alive[feed] = hasReturn && (since[feed] as number) < step ? 1 : 0;
    this.prompt[feed] = this.isPrompt(feed, step) ? move : 0;
    variance[feed] = VARIANCE_DECAY * (variance[feed] as number) + (hasMoved ? change * change : 0);
    steps[feed] = VARIANCE_DECAY * (steps[feed] as number) + (hasReturn ? 1 : 0);
    moves[feed] = DECAY * (moves[feed] as number) + (hasMoved ? 1 : 0);
    if (Number.isNaN(log)) {
      anchor[feed] = NaN;
      since[feed] = NaN;
    } else if (!hasReturn || hasMoved || step - from >= MAX_SPAN) {
      anchor[feed] = step;
      const isNew = Number.isNaN(since[feed]) || !hasMoved;
      if (isNew && moves[feed] >= SEASONING) since[feed] = step;
    }
  }

  private isPrompt(feed: number, step: number): boolean {
    const isLast = (at: number): boolean => this.prices.slots(at)[feed] === at * SLOTS_A_STEP;
    return this.alive[feed] === 1 && this.span[feed] === 1 && isLast(step) && isLast(step - 1);
  }

  /** Moves that end within this step times those of the other that overlap them and end no later. */
  private overlap(one: number, other: number): number {
    const [first, second] = [this.move[one] as number, this.move[other] as number];
    const slots = this.prices.slots(this.step);
    let sum = slots[one] === slots[other] ? first * second : 0;
    if (first !== 0) sum += first * this.movedBefore(other, one);
    if (second !== 0) sum += second * this.movedBefore(one, other);
    return sum;
  }

  /** What a feed moved by since the interval of another began and before it ended. */
  private movedBefore(feed: number, other: number): number {
    const { prices, step } = this;
    const span = this.span[other] as number;
    const slots = prices.slots(step);
    const last = (slots[feed] as number) < (slots[other] as number) ? step : step - 1;
    const first = this.firstStep(feed, other, step - span);
    const move = (prices.logs(last)[feed] as number) - (prices.logs(first)[feed] as number);
    return clipped(move * (this.precision[feed] as number), span);
  }

  /** The step whose last price a feed had when the interval of another began, or its first. */
  private firstStep(feed: number, other: number, began: number): number {
    const since = this.since[feed] as number;
    if (since >= began) return since;
    const slots = this.prices.slots(began);
    return (slots[feed] as number) <= (slots[other] as number) ? began : began - 1;
  }
}

function placeOf(one: number, other: number): number {
  return one < other ? pairAt(other, one) : pairAt(one, other);
}

function clipped(sigmas: number, span: number): number {
  const limit = MAX_SIGMAS * Math.sqrt(span);
  return Math.min(limit, Math.max(-limit, sigmas));
}
