import { HOUR_MS, MINUTE_MS, SECOND_MS, type EpochMs } from '../units/time';
import type { HaircutPolicy } from '../plan';
import { FeedHaircut } from './feed-haircut';
import type { FeedRisk, ImpliedRisk, ImpliedWord, RealisedRisk, RiskFlaw } from './figures';
import { FeedModel } from './feed-model';
import type { GarchParameters } from './garch';
import { ImpliedHours } from './implied-hours';
import type { ImpliedFinding } from './implied-slots';
import { medianOf } from './median-variance';
import { Memory } from './memory';
import { MinuteBars } from './minute-bars';
import { TwoScaleVariance } from './two-scale-variance';

/** How often risk is published: the risk grid. */
export const RISK_STEP_MS = 5 * MINUTE_MS;

const SECONDS_A_MINUTE = MINUTE_MS / SECOND_MS;
const SECONDS_AN_HOUR = HOUR_MS / SECOND_MS;
const STEP_SECONDS = RISK_STEP_MS / SECOND_MS;
/**
 * A move within a minute beyond so many times what diffusion explains is a jump: Lee and Mykland's (2008) bound for a false
 * alarm in a year of minutes is 6, and the rest is for a variance that is itself uncertain.
 */
const JUMP_SIGMAS = 8;
/** More of the last hour than this without a price is worth a flag. */
const MAX_GAPS = 0.1;

/** All of it moves each second and is small; the model moves each minute and is large. */
export interface FeedRiskState {
  readonly recent: Float64Array;
  /** As of `recent`, or older: then `recent` has the bars since, for an hour and a half. Absent: as it begins. */
  readonly model?: Float64Array;
}

/**
 * What one feed's earlier reports leave behind about its risk: a fold over its published prices at whole seconds and nothing
 * else, so the ledger alone can rebuild it, exactly, however time was cut into pieces. A price counts as the median of three
 * seconds, so a print that returns at once is none. Bars reach the model some seconds after their minute, each feed's at
 * seconds of its own: no cut has to carry those of all.
 */
export class FeedRiskPast {
  private readonly memory = new Memory();
  /** the second reached, the price held, the one before it, the one before that, second of the last jump, of the last move, last price */
  private readonly now = this.memory.take(7).fill(NaN);
  private readonly twoScale = new TwoScaleVariance(this.memory);
  private readonly bars = new MinuteBars(this.memory);
  private readonly haircut: FeedHaircut;
  private readonly implied = new ImpliedHours(this.memory.optional);
  private folded = new FeedModel();
  /** From what was saved as of this minute the bars since rebuild the model; -Infinity: from nothing; NaN: from the beginning. */
  private savedMinute = NaN;
  /** Of a minute, at which the bar before is folded. */
  private readonly foldSecond: number;
  /** Of a step of the risk grid, at which the haircut is taken: as the last of its bars has been folded. */
  private readonly haircutSecond: number;
  private readonly tick: number;

  /** `index` among the feeds, and how many decimals its price is rounded to. */
  constructor(
    private readonly index: number,
    decimals: number,
    policy: HaircutPolicy,
  ) {
    this.haircut = new FeedHaircut(this.memory, policy);
    this.foldSecond = 1 + (index % (SECONDS_A_MINUTE - 2));
    this.haircutSecond = STEP_SECONDS - SECONDS_A_MINUTE + this.foldSecond;
    this.tick = Number(`1e-${decimals}`);
  }

  /** What is published from now on, and half the width of its band relative to it; NaN while nothing is. */
  hold(price: number, halfBand: number): void {
    this.now[1] = price;
    this.haircut.hold(halfBand);
  }

  /** What options imply from now on, annual; NaN while nothing is known. */
  imply(volatility: number): void {
    this.implied.hold(volatility);
  }

  /** Lets time pass with the price that is held. Returns whether a jump began on the way. */
  elapse(at: EpochMs): boolean {
    const last = Math.floor(at / SECOND_MS);
    const [reached = NaN] = this.now;
    let hasJumped = false;
    for (let second = Number.isNaN(reached) ? last : reached + 1; second <= last; second++) {
      if (this.closeSecond(second)) hasJumped = true;
    }
    return hasJumped;
  }

  /** Says the same whenever it is asked between two seconds, and changes nothing. `said` is what is said of implied volatility now. */
  figures(said?: ImpliedFinding): FeedRisk {
    const { folded } = this;
    const horizons = folded.horizons();
    const flaws = this.flaws(horizons.some(({ sigma }) => sigma === undefined));
    if (said === 'outOfBounds') flaws.push('impliedOutOfBounds');
    const realised = this.realised();
    return {
      feed: this.index,
      jumped: this.isJumping,
      isDegraded: flaws.length > 0,
      horizons,
      weights: folded.weights(),
      haircut: this.haircut.known,
      ...(flaws.length === 0 ? {} : { flaws }),
      ...(realised === undefined ? {} : { realised }),
      ...(said === undefined || said === 'outOfBounds' ? {} : { implied: this.impliedRisk(said) }),
    };
  }

  /** See `FeedModel.warmUp`. */
  warmUp(...past: Parameters<FeedModel['warmUp']>): void {
    this.folded.warmUp(...past);
    this.savedMinute = -Infinity;
  }

  /** See `FeedModel.hourlyReturns`. */
  hourlyReturns(): Float64Array {
    return this.folded.hourlyReturns();
  }

  /** From the next hour on; a model without a past has nothing that could have been fitted. What bars cannot rebuild is saved anew. */
  adopt(parameters: GarchParameters): void {
    if (!this.folded.hasPast) return;
    this.folded.adopt(parameters);
    this.savedMinute = -Infinity;
  }

  recent(): Float64Array {
    return this.memory.save();
  }

  /** Undefined where it has no past yet. */
  model(): Float64Array | undefined {
    return this.folded.hasPast ? this.folded.memory.save() : undefined;
  }

  /** As `model`, for whoever keeps it. */
  saveModel(): Float64Array | undefined {
    this.savedMinute = this.folded.minute;
    return this.model();
  }

  /** How many minutes of bars stand between what was saved and now. */
  get unsavedMinutes(): number {
    return Number.isNaN(this.savedMinute) ? this.bars.lived : this.bars.minute - this.savedMinute;
  }

  /**
   * `saved` is used where the state has no model. A model from which a bar is missing since is none: it begins anew. Throws
   * RangeError for a state of other estimators.
   */
  restore({ recent, model }: FeedRiskState, saved?: Float64Array): void {
    this.memory.restore(recent);
    this.folded = new FeedModel();
    const past = model ?? saved;
    if (past !== undefined) this.folded.memory.restore(past);
    if (!this.bars.hasAllSince(this.folded.minute)) this.folded = new FeedModel();
    this.savedMinute = model === undefined ? this.folded.minute : -Infinity;
    this.bars.replay(this.folded.minute, (minute, bar) => {
      this.folded.observe(minute, bar, this.implied.after(minute));
    });
  }

  private get isJumping(): boolean {
    const [second = NaN, , , , jumpedAt = NaN] = this.now;
    return second - jumpedAt < STEP_SECONDS;
  }

  private closeSecond(second: number): boolean {
    const { now, bars } = this;
    const [, held = NaN, before = NaN, earlier = NaN, , , last = NaN] = now;
    const price = medianOf(earlier, before, held);
    now[0] = second;
    now[2] = held;
    now[3] = before;
    if (!Number.isNaN(price) && price !== last) {
      now[5] = second;
      now[6] = price;
    }
    const log = Math.log(price);
    this.twoScale.observe(second, log);
    const hasJumped = this.hasJumped(second, log, this.tick / price);
    bars.observe(price);
    if (second % SECONDS_A_MINUTE === 0) {
      this.fold();
      bars.close(second / SECONDS_A_MINUTE - 1);
    }
    if (second % SECONDS_A_MINUTE === this.foldSecond) this.fold();
    if (second % STEP_SECONDS === this.haircutSecond) {
      this.haircut.take(second * SECOND_MS, this.folded.horizons());
    }
    return hasJumped;
  }

  /** Brings the newest bar to the model, unless it is there. */
  private fold(): void {
    const { bars, folded, implied } = this;
    if (!bars.isPending) return;
    bars.isPending = false;
    implied.fold(bars.minute);
    folded.observe(bars.minute, bars.bar(bars.minute), implied.after(bars.minute));
  }

  private impliedRisk(word: ImpliedWord): ImpliedRisk {
    const [, dayWeight = 0, tenDayWeight = 0] = this.folded.impliedWeights();
    return { ...word, dayWeight, tenDayWeight };
  }

  /** `rounding` of the price, relative to it: by so much it moves for no reason. */
  private hasJumped(second: number, log: number, rounding: number): boolean {
    const change = log - this.twoScale.before(second, SECONDS_A_MINUTE);
    const explained = JUMP_SIGMAS * JUMP_SIGMAS * (this.folded.diffusive + rounding * rounding);
    const isJump = change * change > explained;
    const wasJumping = this.isJumping;
    if (isJump) this.now[4] = second;
    return isJump && !wasJumping;
  }

  private flaws(isMissing: boolean): RiskFlaw[] {
    const [second = NaN, held = NaN, , , , movedAt = NaN] = this.now;
    const flaws: RiskFlaw[] = [];
    if (Number.isNaN(held)) flaws.push('noPrice');
    if (isMissing) flaws.push('tooLittleHistory');
    if (this.bars.gaps > MAX_GAPS) flaws.push('gaps');
    if (second - movedAt >= SECONDS_AN_HOUR) flaws.push('frozen');
    return flaws;
  }

  private realised(): RealisedRisk | undefined {
    const sigma = Math.sqrt(this.twoScale.variance * SECONDS_AN_HOUR);
    const diffusive = this.folded.diffusiveSigma;
    if (!(sigma > 0)) return undefined;
    return { sigma, diffusive: diffusive > 0 ? diffusive : undefined };
  }
}
