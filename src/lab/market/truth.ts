import { HOUR_MS, MINUTE_MS, SECOND_MS, TICK_MS, YEAR_MS, type EpochMs } from '../../oracle/units/time';
import type { AssetModel } from './assets';
import { Random, seedFor } from './random';

/** Correlation of any two crypto assets' diffusions; jumps are each asset's own. */
export const COMMON_CORRELATION = 0.6;

/** How far the simulated history reaches back from the start: 65 minutes of use and room for lags. */
export const HISTORY_MS = 66 * MINUTE_MS;

/** Half of a swing about a peg is gone after this long. */
const PEG_HALF_LIFE_MS = 3 * MINUTE_MS;

/** 10 ms steps kept, some 11 minutes, and 1 s steps kept, 75 minutes. */
const FINE_SLOTS = 65_536;
const COARSE_SLOTS = 4_500;

/** Asked further ahead than this at once, a clock is wrong; to simulate it would block the process. */
const MAX_LEAP_MS = 24 * HOUR_MS;

/** A price that moves by itself, evenly in its logarithm, and stays where it came to. */
export interface PriceMove {
  readonly asset: string;
  /** Of the price at its start: -2,500 takes a quarter of it away. */
  readonly bps: number;
  /** How long it takes; 0 is a jump. */
  readonly overMs: number;
}

/** What is left of a move. */
interface Way {
  log: number;
  ms: number;
}

interface Path {
  readonly model: AssetModel;
  readonly follows: Path | undefined;
  readonly random: Random;
  /** Logarithm of the price over the start price; of `pegged` and `wrapped` over what it swings about. */
  log: number;
  /** Added to it by moves, from which no peg comes back, and the moves under way. */
  moved: number;
  readonly ways: Set<Way>;
  price: number;
  nextJumpAt: EpochMs;
  readonly fine: Float64Array;
  readonly coarse: Float64Array;
}

/**
 * What every asset is really worth: efficient prices in USD, on a 1 s grid before the start and a 10 ms grid after it,
 * simulated no further than someone has asked. Between grid points the last one holds. A path depends on the seed, the
 * start and the asset's own model alone: neither on who asks when, nor on which other assets there are (a wrapped asset
 * depends on the one it follows).
 */
export class Truth {
  private readonly paths = new Map<string, Path>();
  private readonly common: Random;
  private readonly liveFrom: EpochMs;
  private head: EpochMs;

  constructor(seed: number, startAt: EpochMs, models: ReadonlyMap<string, AssetModel>) {
    this.common = new Random(seedFor(seed, 'common factor'));
    this.liveFrom = Math.floor(startAt / SECOND_MS) * SECOND_MS;
    this.head = this.liveFrom - HISTORY_MS;
    for (const asset of models.keys()) this.lay(asset, seed, models);
    this.keep();
    while (this.head < this.liveFrom) this.step(SECOND_MS);
  }

  /** Where the simulated history begins. */
  get since(): EpochMs {
    return this.liveFrom - HISTORY_MS;
  }

  /**
   * USD for one unit of the asset.
   * @throws RangeError for an asset without a model, and for an instant that is no longer, or cannot yet be, known
   */
  priceAt(asset: string, at: EpochMs): number {
    if (asset === 'USD') return 1;
    const path = this.pathOf(asset);
    this.advance(at);
    if (at >= this.liveFrom && at > this.head - (FINE_SLOTS - 1) * TICK_MS) {
      return path.fine[Math.floor(at / TICK_MS) % FINE_SLOTS] ?? NaN;
    }
    const oldest = Math.max(this.since, this.head - (COARSE_SLOTS - 1) * SECOND_MS);
    if (!(at >= oldest)) {
      throw new RangeError(`no truth at ${at}: it is kept from ${oldest}, ${COARSE_SLOTS} s at most; ask sooner`);
    }
    return path.coarse[Math.floor(at / SECOND_MS) % COARSE_SLOTS] ?? NaN;
  }

  /** Units of `quote` for one unit of `base`: the ratio of their prices in USD. */
  truthOf(base: string, quote: string, at: EpochMs): number {
    return this.priceAt(base, at) / this.priceAt(quote, at);
  }

  /**
   * Begins at this instant, or where the simulation has come already, and adds to moves under way. What follows the
   * asset goes along.
   * @throws RangeError for an asset without a model, and for what is no move
   */
  move({ asset, bps, overMs }: PriceMove, at: EpochMs): void {
    if (!(bps > -10_000 && bps <= 1e6))
      throw new RangeError(`a move of ${bps} bps: it is above -10000 and at most 1e6`);
    if (!(overMs >= 0)) throw new RangeError(`a move over ${overMs} ms: it takes 0 ms or more`);
    const { ways } = this.pathOf(asset);
    this.advance(at);
    ways.add({ log: Math.log(1 + bps / 10_000), ms: overMs });
  }

  private pathOf(asset: string): Path {
    const path = this.paths.get(asset);
    if (path !== undefined) return path;
    throw new RangeError(`no truth for ${asset}; this market simulates ${[...this.paths.keys()].join(', ')} and USD`);
  }

  private advance(at: EpochMs): void {
    if (at - this.head > MAX_LEAP_MS) {
      throw new RangeError(`${at} is ${at - this.head} ms ahead of the simulation; the limit is ${MAX_LEAP_MS} ms`);
    }
    while (this.head + TICK_MS <= at) this.step(TICK_MS);
  }

  private lay(asset: string, seed: number, models: ReadonlyMap<string, AssetModel>): Path | undefined {
    const model = models.get(asset);
    const laid = this.paths.get(asset);
    if (laid !== undefined || model === undefined) return laid;
    const follows = model.follows === undefined ? undefined : this.lay(model.follows, seed, models);
    const random = new Random(seedFor(seed, asset));
    const path: Path = {
      model,
      follows,
      random,
      log: 0,
      moved: 0,
      ways: new Set(),
      price: follows?.price ?? model.startPrice,
      nextJumpAt: this.head + random.exponential(model.jumpEveryMs),
      fine: new Float64Array(FINE_SLOTS),
      coarse: new Float64Array(COARSE_SLOTS),
    };
    this.paths.set(asset, path);
    return path;
  }

  private step(ms: number): void {
    this.head += ms;
    const years = ms / YEAR_MS;
    const root = Math.sqrt(years);
    const shared = Math.sqrt(COMMON_CORRELATION) * this.common.normal();
    const ownWeight = Math.sqrt(1 - COMMON_CORRELATION);
    const decay = Math.exp((-Math.LN2 * ms) / PEG_HALF_LIFE_MS);
    const kick = Math.sqrt(1 - decay * decay);
    for (const path of this.paths.values()) {
      const { model, random } = path;
      const own = random.normal();
      if (model.kind === 'crypto' || model.kind === 'fiat') {
        const draw = model.kind === 'crypto' ? shared + ownWeight * own : own;
        path.log += model.volatility * (root * draw - 0.5 * model.volatility * years);
      } else path.log = decay * path.log + kick * (model.volatility / 10_000) * own;
      for (; path.nextJumpAt <= this.head; path.nextJumpAt += random.exponential(model.jumpEveryMs)) {
        path.log += random.uniform() < 0.5 ? -model.jumpBps / 10_000 : model.jumpBps / 10_000;
      }
      for (const way of path.ways) goOn(path, way, ms);
      path.price = (path.follows?.price ?? model.startPrice) * Math.exp(path.log + path.moved);
    }
    this.keep();
  }

  private keep(): void {
    const live = this.head >= this.liveFrom;
    const fine = Math.floor(this.head / TICK_MS) % FINE_SLOTS;
    const coarse = this.head % SECOND_MS === 0 ? (this.head / SECOND_MS) % COARSE_SLOTS : undefined;
    for (const path of this.paths.values()) {
      if (live) path.fine[fine] = path.price;
      if (coarse !== undefined) path.coarse[coarse] = path.price;
    }
  }
}

function goOn(path: Path, way: Way, ms: number): void {
  const part = way.ms > ms ? (way.log * ms) / way.ms : way.log;
  path.moved += part;
  way.log -= part;
  way.ms -= ms;
  if (way.ms <= 0) path.ways.delete(way);
}
