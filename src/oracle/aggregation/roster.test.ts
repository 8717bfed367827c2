import { planOf } from '../../../test/support/plans';
import { Roster } from './roster';

const SIX = ['a', 'b', 'c', 'd', 'e', 'f'];

function rosterOf(weights: Readonly<Record<string, number>>): Roster {
  const sources = Object.fromEntries(Object.entries(weights).map(([id, weight]) => [id, { weight }]));
  return new Roster(planOf({ 'BTC/USD': { sources } }), 0);
}

describe('Roster', () => {
  it('gives sources of one upstream one voice, as heavy as the heaviest of them', () => {
    const plan = planOf({
      'USDT/USD': { sources: { kraken: {} } },
      'BTC/USD': {
        sources: { kraken: { weight: 5 }, binance: {}, mirror: { weight: 9, upstream: 0, leg: 'USDT/USD' } },
      },
    });
    const roster = new Roster(plan, 1);
    expect(roster.constituents).toEqual([
      { upstream: 0, sources: [1, 3], native: false },
      { upstream: 1, sources: [2], native: true },
    ]);
    expect(roster.shares(0b11)).toEqual([0.5, 0.5]);
  });

  it('shares the vote among those who are there, and gives nothing to those who are not', () => {
    const roster = rosterOf({ a: 1, b: 1, c: 1, d: 1, e: 4 });
    expect(roster.shares(0b11111)).toEqual([0.1875, 0.1875, 0.1875, 0.1875, 0.25]);
    expect(roster.shares(0b00011)).toEqual([0.5, 0.5, 0, 0, 0]);
    expect(roster.shares(0)).toEqual([0, 0, 0, 0, 0]);
  });

  it('counts fresh weight against what is configured: of those left, all are always there', () => {
    const roster = rosterOf({ a: 1, b: 1, c: 1, d: 1, e: 4 });
    expect(roster.freshShare(0b01111)).toBe(0.75);
    expect(roster.freshShare(0b10000)).toBe(0.25);
    expect(roster.freshShare(0)).toBe(0);
  });

  it('puts measured weights in force, and goes on counting fresh weight against what is configured', () => {
    const roster = rosterOf({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 });
    const measured = [2, 1, 1, 1, 1, 0.6].map((depth) => ({ depth, trust: 1 }));
    expect(roster.shares(0b111111)[0]).toBeCloseTo(1 / 6, 12);
    expect(roster.weigh(measured)).toBe(true);
    expect(roster.weigh(measured)).toBe(false);
    expect(roster.shares(0b111111)[0]).toBeCloseTo(0.25, 12);
    expect(roster.shares(0b111111)[1]! / roster.shares(0b111111)[5]!).toBeCloseTo(1 / 0.6, 9);
    expect(roster.freshShare(0b000001)).toBeCloseTo(1 / 6, 12);
  });

  it('tells the highest voter apart', () => {
    const roster = rosterOf(Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`v${index}`, 1])));
    expect(roster.shares(1 << 30)[30]).toBe(1);
    expect(roster.freshShare(1 << 30)).toBeCloseTo(1 / 31, 12);
  });

  it('refuses more upstreams than a mask has bits', () => {
    const many = Object.fromEntries(Array.from({ length: 32 }, (_, index) => [`v${index}`, 1]));
    expect(() => rosterOf(many)).toThrow('feed BTC/USD has 32 upstreams; at most 31 can vote');
  });

  it('lets only this feed vote', () => {
    const plan = planOf({
      'BTC/USD': { sources: { a: {} } },
      'ETH/USD': { sources: Object.fromEntries(SIX.map((id) => [id, {}])) },
    });
    expect(new Roster(plan, 0).constituents).toHaveLength(1);
    expect(new Roster(plan, 1).constituents.map(({ sources }) => sources)).toEqual([[1], [2], [3], [4], [5], [6]]);
  });
});
