import fc from 'fast-check';
import { planOf } from '../../../../test/support/plans';
import { Random } from '../../../lab/market/random';
import { RISK_STEP_MS } from '../feed-risk-past';
import { DependencePast } from './dependence-past';

const FEEDS = ['A/USD', 'B/USD', 'C/USD', 'D/USD', 'E/USD'];

interface Moment {
  readonly at: number;
  readonly prices: readonly number[];
}

function pastOf(ids: readonly string[] = FEEDS): DependencePast {
  return new DependencePast(planOf(Object.fromEntries(ids.map((id) => [id, { sources: { a: {} } }]))).feeds);
}

/** Prices at odd times, some of them seldom, one with gaps. */
function market(steps: number, perStep: number, seed = 1): Moment[] {
  const random = new Random(seed);
  const logs = FEEDS.map(() => 0);
  let prices: readonly number[] = FEEDS.map(() => 100);
  return Array.from({ length: steps * perStep }, (_, index) => {
    const common = random.normal();
    prices = logs.map((log, feed) => {
      logs[feed] = log + 0.0005 * (0.7 * common + random.normal());
      if (feed === 3 && random.uniform() < 0.8) return prices[feed]!;
      return feed === 4 && Math.floor(index / 40) % 3 === 0 ? NaN : 100 * Math.exp(logs[feed]);
    });
    return { at: Math.floor(((index + random.uniform()) * RISK_STEP_MS) / perStep) + 1, prices };
  });
}

function live(past: DependencePast, moments: readonly Moment[], places = FEEDS.map((_, feed) => feed)): void {
  for (const { at, prices } of moments) {
    past.elapse(at);
    places.forEach((place, feed) => {
      past.hold(feed, prices[place]!, at);
    });
  }
}

function bytes(past: DependencePast): unknown[] {
  return [past.figures(), past.state(true)];
}

describe('DependencePast', () => {
  it('says the same after a restart at any instant, from its state or with its model kept apart', () => {
    const moments = market(140, 6);
    const whole = pastOf();
    live(whole, moments);
    expect(whole.figures()?.feeds.length).toBeGreaterThan(3);
    const place = fc.integer({ min: 0, max: moments.length });
    fc.assert(
      fc.property(place, fc.integer({ min: 0, max: 17 * 6 }), fc.boolean(), (at, later, isApart) => {
        const before = pastOf();
        live(before, moments.slice(0, at));
        const model = isApart ? before.saveModel() : undefined;
        live(before, isApart ? moments.slice(at, at + later) : []);
        const after = pastOf();
        after.restore(before.state(!isApart), model);
        expect(after.figures()).toEqual(before.figures());
        live(after, moments.slice(isApart ? at + later : at));
        expect(bytes(after)).toEqual(bytes(whole));
      }),
      { numRuns: 60 },
    );
  });

  it('says the same however often time is looked at', () => {
    const moments = market(100, 4);
    const [seldom, often] = [pastOf(), pastOf()];
    live(seldom, moments);
    for (const moment of moments) {
      for (let before = 900; before > 0; before -= 300) often.elapse(Math.max(moment.at - before, 0));
      live(often, [moment]);
    }
    expect(bytes(often)).toEqual(bytes(seldom));
  });

  it('publishes what a step led to as the next one ends, and not before', () => {
    const moments = market(120, 4);
    const past = pastOf();
    const changes = moments.flatMap((moment) => {
      const before = past.figures();
      const step = Math.floor(moment.at / RISK_STEP_MS);
      live(past, [moment]);
      return past.figures() === before ? [] : [step];
    });
    expect(changes.length).toBeGreaterThan(30);
    expect(new Set(changes).size).toBe(changes.length);
  });

  it('keeps what it knows of feeds that stay when others are added and removed', () => {
    const moments = market(140, 6);
    const before = pastOf();
    live(before, moments);
    const after = pastOf(['C/USD', 'NEW/USD', 'A/USD', 'B/USD']);
    after.restore(before.state(true));
    const there = before.figures()!;
    const here = after.figures()!;
    expect(here.feeds).toEqual([0, 2, 3]);
    const size = there.feeds.length;
    expect(here.correlation[1]).toBe(there.correlation[2 * size]);
    expect(here.stress[3 * 1 + 2]).toBe(there.stress[1]);
  });

  it('begins anew from a model that is older than what was kept since', () => {
    const moments = market(140, 6);
    const before = pastOf();
    live(before, moments.slice(0, 100 * 6));
    const model = before.saveModel();
    expect(before.unsavedSteps).toBe(0);
    live(before, moments.slice(100 * 6));
    expect(before.unsavedSteps).toBe(40);
    const after = pastOf();
    after.restore(before.state(false), model);
    expect(after.figures()).toBeUndefined();
  });

  it('asks to be saved at once where what was saved is of other feeds', () => {
    const before = pastOf();
    live(before, market(10, 6));
    const after = pastOf(FEEDS.slice(1));
    after.restore(before.state(false), before.saveModel());
    expect(after.unsavedSteps).toBe(Infinity);
  });

  it('lets a pause pass without a trace', () => {
    const moments = market(130, 6);
    const past = pastOf();
    live(past, moments);
    const { correlation } = past.figures()!;
    past.release();
    past.elapse(moments.at(-1)!.at + 1_000 * RISK_STEP_MS);
    past.figures()!.correlation.forEach((value, place) => {
      expect(value).toBeCloseTo(correlation[place]!, 1);
    });
    expect(past.figures()!.observations).toBeGreaterThan(60);
  });
});
