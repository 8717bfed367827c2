import { planOf, type FeedSketch } from '../test/support/plans';
import { drive } from '../src/oracle/drive';
import type { OracleInput } from '../src/oracle/input';
import { Oracle } from '../src/oracle/oracle';
import type { Keccak } from '../src/oracle/reporting/keccak';
import { SECOND_MS, TICK_MS, type EpochMs } from '../src/oracle/units/time';

export const FEEDS = 100;
/** Of each feed, every one of another upstream. */
export const SOURCES = 16;
const STARTED_AT = 1_790_000_000_000;
/** Every feed leaves `warming` after 60 s and `grace` 10 s later. */
const START_UP_SECONDS = 75;
/** No source is silent for longer than quotes count. */
const REFRESH_SECONDS = 9;
const HALF_SPREAD = 0.000_05;
/** The most by which a quote leaves the middle of its feed, relative. */
const NOISE = 0.000_2;
/** Different quotes of every source, said in turn, so that every one moves its price. */
const VARIANTS = 8;

/** An oracle of many feeds with many sources each, in simulated time, and what its sources say. */
export class WideMarket {
  private readonly oracle: Oracle;
  /** By variant: what all sources say, those of one feed after those of the one before it. */
  private readonly inputs: readonly (readonly OracleInput[])[];
  private at: EpochMs = STARTED_AT;
  private refreshedAt: EpochMs = -Infinity;
  private variant = 0;

  constructor(keccak: Keccak) {
    const sources = Object.fromEntries(Array.from({ length: SOURCES }, (_, index) => [`venue${index}`, {}]));
    const sketch: FeedSketch = { decimals: 6, sources };
    const plan = planOf(Object.fromEntries(Array.from({ length: FEEDS }, (_, feed) => [`A${feed}/USD`, sketch])));
    this.oracle = new Oracle(plan, { keccak, configHash: new Uint8Array(32), signerEpoch: 1 });
    this.inputs = variants();
    this.pass(START_UP_SECONDS);
  }

  /** What the sources of the first `feeds` feeds say next. */
  next(feeds: number): readonly OracleInput[] {
    this.variant = (this.variant + 1) % VARIANTS;
    const all = this.inputs[this.variant] ?? [];
    return feeds === FEEDS ? all : all.slice(0, feeds * SOURCES);
  }

  /** Moves on where the next cut would be that of a whole second, in which the figures of all feeds are due. */
  leaveGrid(): void {
    if (this.at % SECOND_MS >= SECOND_MS - 2 * TICK_MS) this.pass(1);
  }

  /** Lets inputs be heard between two cuts. */
  hear(inputs: readonly OracleInput[]): void {
    const cut = this.oracle.advance(this.at + TICK_MS / 2, inputs);
    if (cut !== undefined) throw new Error(`a cut was made at ${cut.at}, before it was asked for`);
  }

  /** Makes the cut of what was heard; returns the number of reports that changed. */
  cut(): number {
    const cut = this.oracle.advance(this.at + TICK_MS, []);
    this.at += TICK_MS;
    if (cut === undefined) throw new Error(`no cut was made at ${this.at}`);
    return cut.reports.length;
  }

  /** Simulated seconds in which every feed stays alive; ends on a second. */
  pass(seconds: number): void {
    const until = (Math.floor(this.at / SECOND_MS) + seconds) * SECOND_MS;
    while (this.at < until) {
      const at = Math.min(until, this.at + SECOND_MS);
      const isDue = at - this.refreshedAt >= REFRESH_SECONDS * SECOND_MS;
      const cuts = [...drive(this.oracle, at, isDue ? this.next(FEEDS) : [])];
      if (cuts.at(-1)?.at !== at) throw new Error(`no cut was made at ${at}, which ends a second`);
      if (isDue) this.refreshedAt = at;
      this.at = at;
    }
  }
}

function variants(): OracleInput[][] {
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const said = (source: number, middle: number): OracleInput => ({
    kind: 'quote',
    source,
    quote: {
      bid: middle * (1 - HALF_SPREAD),
      ask: middle * (1 + HALF_SPREAD),
      bidSize: 0.01 + random() * 3,
      askSize: 0.01 + random() * 3,
      last: undefined,
      eventAt: undefined,
      sequence: undefined,
    },
  });
  return Array.from({ length: VARIANTS }, () =>
    Array.from({ length: FEEDS * SOURCES }, (_, source) =>
      said(source, (100 + Math.floor(source / SOURCES)) * (1 + (random() - 0.5) * 2 * NOISE)),
    ),
  );
}
