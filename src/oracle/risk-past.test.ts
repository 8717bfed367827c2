import { newOracle, OracleDriver, T0 } from '../../test/support/oracle-driver';
import { planOf, type FeedSketch } from '../../test/support/plans';
import { Random } from '../lab/market/random';
import { loadKeccak } from '../platform/keccak';
import { stateFromJson, stateToJson } from '../runtime/state-json';
import type { Cut } from './cut';
import type { Oracle, OracleState } from './oracle';
import type { Keccak } from './reporting/keccak';
import type { Risk } from './risk/figures';
import { RiskPast, type RiskModels } from './risk-past';
import { MINUTE_MS, SECOND_MS } from './units/time';

const FEED: FeedSketch = { decimals: 4, sources: { a: {}, b: {}, c: {}, d: {} } };
const PLAN = planOf({ 'BTC/USD': FEED, 'ETH/USD': FEED, 'SOL/USD': FEED });
const STEP_MS = 5 * MINUTE_MS;

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

/** What all sources say second by second, in seconds after T0: each feed diffuses by itself. */
function market(seconds: number): Record<string, number>[] {
  const random = new Random(4);
  const logs = PLAN.feeds.map((_, feed) => Math.log(100 * (feed + 1)));
  return Array.from({ length: seconds }, () => {
    PLAN.feeds.forEach((_, feed) => (logs[feed] = (logs[feed] ?? 0) + 0.0002 * random.normal()));
    return Object.fromEntries(
      PLAN.sources.map(({ id, feed }, source) => [id, Math.exp(logs[feed] ?? 0) * (1 + (source % 4) * 1e-6)]),
    );
  });
}

const SAID = market(4_800);

function run(driver: OracleDriver, from: number, to: number, said = SAID): void {
  for (let second = from; second < to; second++) driver.to(T0 + second * SECOND_MS, driver.say(said[second] ?? {}));
}

/** As a ledger keeps it. */
function throughJson(state: OracleState): OracleState {
  return stateFromJson(JSON.parse(JSON.stringify(stateToJson(state)))) as OracleState;
}

function risks(cuts: readonly Cut[]): unknown[] {
  return cuts.flatMap(({ risk }) => (risk === undefined ? [] : [risk]));
}

/** A life with what a ledger would hold of it: a checkpoint each minute, and the newest model of each feed. */
class Recorded {
  readonly driver = new OracleDriver(PLAN, keccak);
  readonly models = new Map<string, Float64Array>();
  checkpoint: OracleState | undefined;
  /** Cuts before the checkpoint, itself included. */
  covered = 0;

  run(from: number, to: number): void {
    for (let minute = from; minute < to; minute += 60) {
      run(this.driver, minute, Math.min(to, minute + 60));
      if (minute + 60 > to) return;
      this.checkpoint = this.driver.oracle.checkpoint();
      for (const [key, model] of this.driver.oracle.saveModels()) this.models.set(key, model);
      this.covered = this.driver.cuts.length;
    }
  }

  restart(): Oracle {
    const models: RiskModels = new Map(this.models);
    const oracle = newOracle(PLAN, keccak, this.checkpoint && throughJson(this.checkpoint), models);
    for (const cut of this.driver.cuts.slice(this.covered)) oracle.absorb(cut);
    return oracle;
  }
}

describe(RiskPast.name, () => {
  let whole: Recorded;
  beforeAll(() => {
    whole = new Recorded();
    whole.run(0, 4_530);
  });

  it('is there in the first cut and in that after the end of each step of the risk grid, and in no other', () => {
    const carriers = whole.driver.cuts.filter(({ risk }) => risk !== undefined);
    expect(carriers[0]).toBe(whole.driver.cuts[0]);
    const steps = carriers.slice(1).map(({ at }) => at);
    const first = (Math.floor(T0 / STEP_MS) + 1) * STEP_MS + SECOND_MS;
    expect(steps).toEqual(steps.map((_, index) => first + index * STEP_MS));
    expect(steps).toHaveLength(15);
    expect(carriers.map(({ number }) => number)).toEqual(carriers.map(({ risk }) => risk!.asOf));
  });

  it('knows the minutes once there is an hour of them, and says of the rest that it knows nothing', () => {
    const { feeds } = whole.driver.cuts.findLast(({ risk }) => risk !== undefined)!.risk!;
    expect(feeds.map(({ feed }) => feed)).toEqual([0, 1, 2]);
    for (const { horizons, isDegraded } of feeds) {
      const known = horizons.map(({ sigma }) => sigma !== undefined);
      expect(known).toEqual([true, true, false, false, false]);
      expect(horizons[0]!.sigma! / (0.0002 * Math.sqrt(60))).toBeCloseTo(1, 0);
      expect(isDegraded).toBe(true);
    }
  });

  it('is the same in a second replay', () => {
    const again = new OracleDriver(PLAN, keccak);
    run(again, 0, 4_530);
    expect(risks(again.cuts)).toEqual(risks(whole.driver.cuts));
  });

  it('goes on after a restart as if nothing had happened, from a small checkpoint, old models and the cuts since', () => {
    expect([...whole.models.keys()]).toEqual(expect.arrayContaining(PLAN.feeds.map(({ id }) => `${id} v1`)));
    const restarted = whole.restart();
    expect(stateToJson(restarted.state())).toEqual(stateToJson(whole.driver.oracle.state()));
    const other = newOracle(PLAN, keccak, throughJson(whole.driver.oracle.state()));
    const after = [restarted, other].map((oracle) => {
      const driver = Object.assign(new OracleDriver(PLAN, keccak), { oracle });
      run(driver, 4_531, 4_800);
      return risks(driver.cuts);
    });
    expect(after[0]!.length).toBeGreaterThan(1);
    expect(after[0]).toEqual(after[1]);
  });

  it('keeps a checkpoint small: a sixtieth of what a state with its models is', () => {
    const size = (state: OracleState): number => JSON.stringify(stateToJson(state.risk)).length / PLAN.feeds.length;
    expect(size(whole.driver.oracle.checkpoint())).toBeLessThan(11_000);
    expect(size(whole.driver.oracle.state())).toBeGreaterThan(600_000);
  });

  it('does not depend on the order of feeds', () => {
    const plan = planOf({ 'SOL/USD': FEED, 'BTC/USD': FEED, 'ETH/USD': FEED });
    const turned = new OracleDriver(plan, keccak);
    for (let second = 0; second < 4_530; second++) {
      turned.to(T0 + second * SECOND_MS, turned.say(SAID[second] ?? {}));
    }
    const horizons = (driver: OracleDriver): Record<string, unknown> => {
      const { feeds } = driver.cuts.findLast(({ risk }) => risk !== undefined)!.risk!;
      return Object.fromEntries(feeds.map((one) => [driver.plan.feeds[one.feed]!.id, one.horizons]));
    };
    expect(horizons(turned)).toEqual(horizons(whole.driver));
  });

  it('comes at once where a price jumps, and names the feed', () => {
    const recorded = new Recorded();
    recorded.run(0, 4_230);
    const jumped = SAID.slice(4_230, 4_250).map((said) =>
      Object.fromEntries(
        Object.entries(said).map(([id, price]) => [id, id.endsWith('ETH/USD') ? 1.02 * price : price]),
      ),
    );
    recorded.driver.cuts.length = 0;
    for (const [second, said] of jumped.entries()) {
      recorded.driver.to(T0 + (4_230 + second) * SECOND_MS, recorded.driver.say(said));
    }
    const carriers = recorded.driver.cuts.filter(({ risk }) => risk !== undefined);
    expect(carriers).toHaveLength(1);
    expect(carriers[0]!.at - T0).toBeLessThanOrEqual(4_234 * SECOND_MS);
    expect(carriers[0]!.risk!.feeds.map(({ jumped: has }) => has)).toEqual([false, true, false]);
  });

  it('is due again where a step ended while what was taken before it was on its way', () => {
    const past = new RiskPast(PLAN.feeds);
    const [first, second] = [T0 + 300 * SECOND_MS, T0 + 600 * SECOND_MS];
    const taken = past.figures((first + SECOND_MS) / 10);
    const absorb = (at: number, risk?: Risk): boolean => {
      past.elapse(at);
      past.absorb({ at, reports: [], ...(risk && { risk }) });
      return past.isDue;
    };
    expect([absorb(T0), absorb(first), absorb(first + SECOND_MS), absorb(second, taken)]).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(absorb(second + SECOND_MS, { ...taken, asOf: (second + SECOND_MS) / 10 })).toBe(false);
  });
});
