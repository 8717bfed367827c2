import { PROOF_NAMES } from '../proofs/all-proofs';
import { scenarioNamed, START_AT, Truths } from '../run/lab';
import type { Arrival } from '../run/market-quote';
import { SimulatedMarket } from '../run/simulated-market';
import { FAULT_FROM_MS, FAULT_TO_MS, inject, shift } from './build';
import { CATALOGUE, SCENARIOS } from './catalogue';
import { contradictions } from './contradictions';
import type { Injection, Scenario } from './scenario';

const CALM = scenarioNamed('calm');
const truths = new Truths(3);

function market(scenario: Partial<Scenario>): SimulatedMarket {
  const played = { ...CALM, ...scenario };
  return new SimulatedMarket({ scenario: played, seed: 3, truth: truths.of(played), startAt: START_AT });
}

function arrivalsWith(...injections: Injection[]): Arrival[] {
  return market({ injections }).arrivals();
}

const calm = market({}).arrivals();

describe('an injection', () => {
  it.each<[string, Injection]>([
    ['shift', inject(['v3', 'v5'], shift(100))],
    ['freeze', inject(['v1'], { kind: 'freeze' })],
    ['late', inject(['v2'], { kind: 'late', ms: 900 })],
    ['garbage', inject(['v4'], { kind: 'garbage', bps: 50 })],
    ['clock', inject(['v6'], { kind: 'clock', ms: 5_000 })],
    ['print', inject(['v7'], { kind: 'print', by: 0.1 })],
    ['size', inject(['v2'], { kind: 'size', bid: 9, ask: 1 })],
  ])('%s changes the books it names, while it lasts, and nothing else', (_, injection) => {
    const arrivals = arrivalsWith(injection);
    expect(arrivals).toHaveLength(calm.length);
    const changed = arrivals.filter((arrival, index) => JSON.stringify(arrival) !== JSON.stringify(calm[index]));
    const concerned = calm.filter(
      ({ quote, at }) =>
        quote?.base === 'BTC' &&
        injection.who.includes(quote.venue) &&
        at >= START_AT + FAULT_FROM_MS &&
        at < START_AT + FAULT_TO_MS,
    );
    expect(changed.map(({ at }) => at)).toEqual(concerned.map(({ at }) => at));
    expect(changed.length).toBeGreaterThan(50);
  });

  it('moves a book by exactly what it says', () => {
    const arrivals = arrivalsWith(inject(['v3'], shift(100)));
    const index = calm.findIndex(
      ({ quote, at }) => quote?.venue === 'v3' && quote.base === 'BTC' && at >= START_AT + 10_000,
    );
    expect(arrivals[index]!.quote!.bid! / calm[index]!.quote!.bid!).toBeCloseTo(1.01, 7);
  });

  it('composes with others in order', () => {
    const arrivals = arrivalsWith(inject(['v3'], shift(100)), inject(['v3'], { kind: 'times', factors: [2] }));
    const index = calm.findIndex(
      ({ quote, at }) => quote?.venue === 'v3' && quote.base === 'BTC' && at >= START_AT + 10_000,
    );
    expect(arrivals[index]!.quote!.ask! / calm[index]!.quote!.ask!).toBeCloseTo(2.02, 7);
  });

  it('of silence takes the connection and every quote of it', () => {
    const arrivals = arrivalsWith(inject(['v2'], { kind: 'silent' }));
    const during = arrivals.filter(({ at }) => at > START_AT + FAULT_FROM_MS && at < START_AT + FAULT_TO_MS);
    expect(during.some(({ quote }) => quote?.venue === 'v2')).toBe(false);
    const turns = arrivals.flatMap(({ event }) => ('open' in event && event.venue === 'v2' ? [event.open] : []));
    expect(turns).toEqual([true, false, true]);
  });

  it('of the anchor leaves the venues alone', () => {
    const arrivals = arrivalsWith(inject(['chainlink'], shift(-2_000)));
    const quotes = (all: Arrival[]): unknown[] => all.filter(({ quote }) => quote !== undefined);
    expect(quotes(arrivals)).toEqual(quotes(calm));
    expect(arrivals.filter(({ event }) => 'read' in event).length).toBeGreaterThan(1);
  });
});

describe('a simulated market', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(market({}).arrivals()).toEqual(calm);
    const other = new SimulatedMarket({ scenario: CALM, seed: 4, truth: new Truths(4).of(CALM), startAt: START_AT });
    expect(other.arrivals()).not.toEqual(calm);
  });

  it('never lets time go back', () => {
    for (const scenario of SCENARIOS) {
      const arrivals = market(scenario).arrivals();
      expect(arrivals.every(({ at }, index) => index === 0 || at >= arrivals[index - 1]!.at)).toBe(true);
    }
  });
});

describe('the catalogue', () => {
  it('has all forty, each with a scenario or a proof', () => {
    expect(CATALOGUE.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    const names = [...SCENARIOS.map(({ name }) => name), ...PROOF_NAMES];
    expect(new Set(names).size).toBe(names.length);
    for (const { shownBy } of CATALOGUE) expect(names).toContain(shownBy);
  });

  it.each(SCENARIOS)('asks of $name what a market can play', (scenario) => {
    expect(contradictions(scenario)).toEqual([]);
  });
});
