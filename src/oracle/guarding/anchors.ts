import type { VerdictRows } from '../aggregation/verdict-rows';
import type { LegValue } from '../conversion/leg-value';
import type { Slots } from '../observation/slots';
import type { OraclePlan, SourcePlan } from '../plan';
import { SourceWords } from '../screening/source-words';
import type { EpochMs } from '../units/time';
import { verdictCode } from '../verdict';
import { deviationBps, weighTestimony, type Testimony, type Witness } from './testimony';

const USABLE = verdictCode('used');
const WITNESS = verdictCode('witness');

const NOBODY: Hearing = { testimony: weighTestimony([], NaN), expiresAt: Infinity };

/** The testimony of an instant, and when the first of those who gave it will be no witness any more. */
export interface Hearing {
  readonly testimony: Testimony;
  readonly expiresAt: EpochMs;
}

/** Where the sources of venues, and what converts them, are to be read and judged. */
export interface Testified {
  readonly slots: Slots;
  readonly legValues: readonly (LegValue | undefined)[];
  readonly verdicts: VerdictRows;
}

/** Witnesses that never move a price: what chains answered, and the sources that venues lend as anchors. */
export class Anchors {
  private readonly ofChains: readonly (readonly number[])[];
  private readonly ofVenues: readonly (readonly number[])[];
  private readonly words: SourceWords;
  private readonly value: Float64Array;
  private readonly updatedAt: Float64Array;

  constructor(
    private readonly plan: OraclePlan,
    private readonly heard: Testified,
  ) {
    this.value = new Float64Array(plan.anchors.length).fill(NaN);
    this.updatedAt = new Float64Array(plan.anchors.length).fill(NaN);
    this.words = new SourceWords(plan, heard.slots, heard.legValues);
    this.ofChains = plan.feeds.map((_, feed) => indicesWhere(plan.anchors, (anchor) => anchor.feed === feed));
    this.ofVenues = plan.feeds.map((_, feed) =>
      indicesWhere(plan.sources, (source) => source.feed === feed && source.anchor !== undefined),
    );
  }

  /** Takes a chain's answer; an older one than it gave before is ignored. Returns the feed it speaks about. */
  observe(anchor: number, value: number, updatedAt: EpochMs): number {
    const plan = this.plan.anchors[anchor];
    if (plan === undefined)
      throw new RangeError(`anchor ${anchor} is not among the ${this.plan.anchors.length} of the plan`);
    if (!(updatedAt < (this.updatedAt[anchor] ?? NaN))) {
      this.value[anchor] = value;
      this.updatedAt[anchor] = updatedAt;
    }
    return plan.feed;
  }

  /** What the feed's anchors say of a price, NaN where there is none; those of venues are given their verdicts. */
  hear(feed: number, price: number, at: EpochMs): Hearing {
    const chains = this.ofChains[feed] ?? [];
    const venues = this.ofVenues[feed] ?? [];
    if (chains.length + venues.length === 0) return NOBODY;
    const { words } = this;
    const { verdicts } = this.heard;
    const witnesses: Witness[] = [];
    let expiresAt = Infinity;
    for (const anchor of chains) {
      const { upstream, maxDeviationBps, maxAgeMs } = this.plan.anchors[anchor] as OraclePlan['anchors'][number];
      const value = this.value[anchor] as number;
      const expiresWitnessAt = (this.updatedAt[anchor] as number) + maxAgeMs;
      if (!(at < expiresWitnessAt && Number.isFinite(value))) continue;
      witnesses.push({ upstream, value, maxDeviationBps });
      expiresAt = Math.min(expiresAt, expiresWitnessAt);
    }
    for (const source of venues) {
      const { upstream, anchor } = this.plan.sources[source] as SourcePlan;
      if (anchor === undefined) continue;
      const code = words.judge(source, at);
      if (code !== USABLE) {
        verdicts.add(source, code, words.measured, words.limit);
        continue;
      }
      const witness = { upstream, value: words.price, maxDeviationBps: anchor.maxDeviationBps };
      witnesses.push(witness);
      expiresAt = Math.min(expiresAt, words.expiresAt);
      verdicts.add(source, WITNESS, deviationBps(witness, price), anchor.maxDeviationBps);
    }
    return { testimony: weighTestimony(witnesses, price), expiresAt };
  }
}

function indicesWhere<Item>(items: readonly Item[], holds: (item: Item) => boolean): readonly number[] {
  return items.flatMap((item, index) => (holds(item) ? [index] : []));
}
