import { ComingRisk } from '../src/oracle/coming-risk';
import type { OracleInput } from '../src/oracle/input';
import { LiquidityPast } from '../src/oracle/liquidity-past';
import { Oracle, type OracleState } from '../src/oracle/oracle';
import type { OraclePlan } from '../src/oracle/plan';
import type { Keccak } from '../src/oracle/reporting/keccak';
import { DependencePast, type DependenceState } from '../src/oracle/risk/dependence/dependence-past';
import { RiskPast } from '../src/oracle/risk-past';
import { HOUR_MS, MINUTE_MS, SECOND_MS, type EpochMs } from '../src/oracle/units/time';
import { loadKeccak } from '../src/platform/keccak';
import { planOf } from '../test/support/plans';
import { longPast, Walk } from './long-past';
import { median, spread, type Row } from './paired';

/** Of each feed, every one of another upstream: as many as most feeds of the configuration have. */
const SOURCES = 6;
const STARTED_AT = 496_944 * HOUR_MS;
const DECIMALS = 4;
const STEP_SECONDS = (5 * MINUTE_MS) / SECOND_MS;
/** Steps of the risk grid until every feed is ok and the compiler has seen all, and those that are looked at. */
const WARM_STEPS = 2;
const WATCHED_STEPS = 7;
/** Before it, no pair of feeds has a basis. */
const DEPENDENT_STEPS = 95;

/**
 * What risk adds to a cut. It is measured within each: a cut is timed, and in it all that is done for risk alone, in
 * processor time. Without that it is the cut that an oracle without risk would make.
 */
export async function riskOnTheCut(): Promise<Row[]> {
  const keccak = await loadKeccak();
  const meter = new Meter();
  try {
    return [100, 500].flatMap((feeds) => rowsOf(feeds, keccak, meter));
  } finally {
    meter.remove();
  }
}

function rowsOf(feeds: number, keccak: Keccak, meter: Meter): Row[] {
  const market = new MovingMarket(feeds, keccak);
  for (let second = 0; second < WARM_STEPS * STEP_SECONDS; second++) {
    market.pass((cut) => {
      cut();
    });
  }
  const steps = Array.from({ length: WATCHED_STEPS }, () => {
    const cuts: Parted[] = [];
    for (let second = 0; second < STEP_SECONDS; second++) market.pass((cut) => cuts.push(meter.time(cut)));
    return cuts;
  });
  // A cut does about the same at each step: what slows one of them down is the machine.
  const places = (steps[0] ?? []).map((_, place) => ({
    whole: median(steps.map((cuts) => cuts[place]?.whole ?? NaN)),
    rest: median(steps.map((cuts) => (cuts[place]?.whole ?? NaN) - (cuts[place]?.risk ?? NaN))),
  }));
  const [whole, rest] = [places.map((place) => place.whole), places.map((place) => place.rest)];
  return (
    [
      ['p50', 0.5],
      ['p99', 0.99],
      ['the slowest', 1],
    ] as const
  ).map(([name, share]) => {
    const [own, limit] = [quantile(whole, share), quantile(rest, share)];
    return {
      bench: 'risk: cut with / without',
      what: `${name} of ${feeds} feeds x ${SOURCES}, all moving each second`,
      ratio: spread([own / limit]),
      micros: 1_000 * own,
      limitMicros: 1_000 * limit,
    };
  });
}

function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? NaN;
}

/** Milliseconds of processor time. */
interface Parted {
  readonly whole: number;
  readonly risk: number;
}

/** Sees what is done for risk alone, wherever an oracle does it. */
class Meter {
  private risk = 0;
  private readonly restore: (() => void)[] = [];

  constructor() {
    for (const name of ['elapse', 'figures', 'absorb'] as const) this.watch(RiskPast.prototype, name);
    this.watch(LiquidityPast.prototype, 'withCosts');
    this.watch(ComingRisk.prototype, 'at');
  }

  time(cut: () => void): Parted {
    this.risk = 0;
    const began = processorMs();
    cut();
    return { whole: processorMs() - began, risk: this.risk };
  }

  remove(): void {
    for (const restore of this.restore) restore();
  }

  private watch<Name extends string>(part: Record<Name, unknown>, name: Name): void {
    const original = part[name] as (...given: unknown[]) => unknown;
    const add = (ms: number): void => {
      this.risk += ms;
    };
    part[name] = function (this: unknown, ...given: unknown[]): unknown {
      const began = processorMs();
      const said = original.apply(this, given);
      add(processorMs() - began);
      return said;
    };
    this.restore.push(() => {
      part[name] = original;
    });
  }
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** An oracle whose feeds have a long past and all move, once a second; a cut takes that, and another ends the second. */
class MovingMarket {
  private readonly walk = new Walk();
  private readonly prices: Float64Array;
  private readonly oracle: Oracle;
  private at = STARTED_AT;

  constructor(feeds: number, keccak: Keccak) {
    const sources = Object.fromEntries(Array.from({ length: SOURCES }, (_, index) => [`venue${index}`, {}]));
    const ids = Array.from({ length: feeds }, (_, feed) => [`A${feed}/USD`, { decimals: DECIMALS, sources }] as const);
    const plan = planOf(Object.fromEntries(ids));
    const options = { keccak, configHash: new Uint8Array(32), signerEpoch: 1 };
    const { price, ...past } = longPast(this.walk, STARTED_AT, DECIMALS);
    this.prices = new Float64Array(feeds).fill(price);
    const risk = {
      reachedAt: STARTED_AT,
      dueSince: -Infinity,
      feeds: Object.fromEntries(ids.map(([id]) => [`${id} v1`, past])),
      dependence: this.dependence(plan, price),
    };
    this.oracle = new Oracle(plan, options, { ...bornAt(plan, options), risk });
  }

  /** One second, each of its two cuts when it is told to be made. */
  pass(make: (cut: () => void) => void): void {
    for (const [feed, price] of this.prices.entries()) this.prices[feed] = this.walk.move(price);
    const inputs = [...this.prices].flatMap((price, feed) => this.saying(feed, price));
    for (const [after, said] of [
      [SECOND_MS / 2, inputs],
      [SECOND_MS, []],
    ] as const) {
      make(() => {
        const at = this.at + after;
        if (this.oracle.advance(at, said) === undefined) throw new Error(`no cut was made at ${at}`);
      });
    }
    this.at += SECOND_MS;
  }

  private saying(feed: number, price: number): OracleInput[] {
    const unsaid = { last: undefined, eventAt: undefined, sequence: undefined };
    return Array.from({ length: SOURCES }, (_, index): OracleInput => {
      const middle = price * (1 + 0.000_2 * this.walk.draw());
      const [bidSize, askSize] = [2 + this.walk.draw(), 2 + this.walk.draw()];
      const quote = { bid: middle * 0.999_95, ask: middle * 1.000_05, bidSize, askSize, ...unsaid };
      return { kind: 'quote', source: feed * SOURCES + index, quote };
    });
  }

  /** Of all pairs, as after hours in which half of what moves a price moves them all. */
  private dependence({ feeds }: OraclePlan, price: number): DependenceState {
    const past = new DependencePast(feeds);
    const prices = new Float64Array(feeds.length).fill(price);
    for (let step = DEPENDENT_STEPS; step > 0; step--) {
      const begins = STARTED_AT - step * STEP_SECONDS * SECOND_MS;
      const common = this.walk.draw();
      for (const [feed, before] of prices.entries()) {
        const next = step === 1 ? price : before * (1 + 0.001 * (common + this.walk.draw()));
        prices[feed] = next;
        past.hold(feed, next, begins + (STEP_SECONDS - 1) * SECOND_MS);
      }
      for (let second = 1; second <= STEP_SECONDS; second++) past.elapse(begins + second * SECOND_MS);
    }
    return past.state(true);
  }
}

/** The state of an oracle that has heard nothing. */
function bornAt(
  plan: OraclePlan,
  options: ConstructorParameters<typeof Oracle>[1],
  at: EpochMs = STARTED_AT,
): OracleState {
  const oracle = new Oracle(plan, options);
  oracle.advance(at, []);
  return oracle.state();
}
