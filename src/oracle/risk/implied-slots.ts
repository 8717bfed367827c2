import type { ImpliedPlan, OraclePlan } from '../plan';
import type { EpochMs } from '../units/time';
import type { ImpliedWord } from './figures';

/**
 * The nominal volatility may be wrong by this factor. Units that are mistaken are so by a hundred, and a year of an asset is
 * neither a tenth of another nor ten of them.
 */
const MAX_FACTOR = 10;

/** What a feed's index is worth at an instant; undefined where nothing fresh was said. */
export type ImpliedFinding = ImpliedWord | 'outOfBounds' | undefined;

/** What indices of implied volatility said last. It counts once a cut has published it, and never before. */
export class ImpliedSlots {
  private readonly plans: readonly ImpliedPlan[];
  private readonly volatility: Float64Array;
  private readonly observedAt: Float64Array;
  private readonly receivedAt: Float64Array;

  constructor(private readonly plan: Pick<OraclePlan, 'feeds' | 'implied'>) {
    this.plans = plan.implied ?? [];
    this.volatility = new Float64Array(this.plans.length).fill(NaN);
    this.observedAt = new Float64Array(this.plans.length).fill(NaN);
    this.receivedAt = new Float64Array(this.plans.length).fill(NaN);
  }

  observe(implied: number, volatility: number, observedAt: EpochMs, at: EpochMs): void {
    if (!(implied < this.plans.length)) {
      throw new RangeError(`implied volatility ${implied} is not among the ${this.plans.length} of the plan`);
    }
    this.volatility[implied] = volatility;
    this.observedAt[implied] = observedAt;
    this.receivedAt[implied] = at;
  }

  /** What was said before is no evidence any more. */
  forget(implied: number): void {
    this.receivedAt[implied] = NaN;
  }

  /** By feed, where there is anything to be said. */
  judge(at: EpochMs): ReadonlyMap<number, ImpliedFinding> {
    return new Map(this.plans.map((plan, implied) => [plan.feed, this.finding(plan, implied, at)]));
  }

  private finding({ feed, maxAgeMs, maxFutureMs }: ImpliedPlan, implied: number, at: EpochMs): ImpliedFinding {
    const [volatility = NaN, observedAt = NaN, receivedAt = NaN] = [
      this.volatility[implied],
      this.observedAt[implied],
      this.receivedAt[implied],
    ];
    if (Number.isNaN(receivedAt) || at - Math.min(observedAt, receivedAt) > maxAgeMs) return undefined;
    const nominal = this.plan.feeds[feed]?.policy.nominalVolatility ?? NaN;
    const isCredible = volatility >= nominal / MAX_FACTOR && volatility <= nominal * MAX_FACTOR;
    return isCredible && observedAt <= receivedAt + maxFutureMs ? { volatility, observedAt } : 'outOfBounds';
  }
}
