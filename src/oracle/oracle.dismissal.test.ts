import { OracleDriver, quoteOf, T0 } from '../../test/support/oracle-driver';
import { planOf } from '../../test/support/plans';
import { loadKeccak } from '../platform/keccak';
import type { Keccak } from './reporting/keccak';

const VENUES = ['a', 'b', 'c', 'd'];
const PLAN = planOf(
  {
    'BTC/USD': {
      policy: { warmUpMs: 1_000 },
      sources: { a: {}, b: {}, c: {}, d: {}, chainlink: { maxAgeMs: 60_000 } },
    },
  },
  [{ id: 'uptime:BTC/USD', feed: 'BTC/USD', maxAgeMs: 60_000, maxDeviationBps: 100 }],
);
const SOURCE = PLAN.sources.findIndex(({ id }) => id === 'chainlink:BTC/USD');

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

const prices = Object.fromEntries(VENUES.map((venue) => [`${venue}:BTC/USD`, 100]));

function settled(): OracleDriver {
  const driver = new OracleDriver(PLAN, keccak);
  driver.to(T0, driver.say({ ...prices, 'chainlink:BTC/USD': quoteOf(100, { eventAt: T0 - 5_000 }) }));
  driver.keep(T0 + 20_000, prices);
  return driver;
}

describe('a reader that takes back what it said', () => {
  it('votes before, as long as its age allows', () => {
    expect(settled().verdict('chainlink:BTC/USD').verdict).toBe('used');
  });

  it.each(['atBound', 'sequencerDown'] as const)(
    'has no vote at once where it is %s, and one when it speaks anew',
    (verdict) => {
      const driver = settled();
      driver.to(T0 + 20_100, [{ kind: 'dismissSource', source: SOURCE, verdict }]);
      expect(driver.verdict('chainlink:BTC/USD')).toMatchObject({ verdict, weight: 0 });
      expect(driver.report('BTC/USD').sources).toEqual({ used: 4, upstreams: 4 });
      driver.to(T0 + 20_200, driver.say({ 'chainlink:BTC/USD': quoteOf(100, { eventAt: T0 - 4_000 }) }));
      expect(driver.verdict('chainlink:BTC/USD').verdict).toBe('used');
    },
  );

  it('is no witness at once, and one again when it answers, be it with the same round', () => {
    const driver = settled();
    const speaks = (): boolean => driver.report('BTC/USD').reasons.includes('anchorApart');
    driver.to(T0 + 20_100, [driver.anchor('uptime:BTC/USD', 90, T0)]);
    expect(speaks()).toBe(true);
    driver.to(T0 + 20_200, [{ kind: 'dismissAnchor', anchor: 0 }]);
    expect(speaks()).toBe(false);
    driver.to(T0 + 20_300, [driver.anchor('uptime:BTC/USD', 90, T0)]);
    expect(speaks()).toBe(true);
  });
});
