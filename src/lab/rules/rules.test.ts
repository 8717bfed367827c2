import type { EpochMs } from '../../oracle/units/time';
import type { MarketQuote } from '../run/market-quote';
import { VENUES, type VenueName } from '../run/venues';
import { CmeBrr } from './cme-brr';
import { Deribit } from './deribit';
import { Hyperliquid } from './hyperliquid';
import { Okx } from './okx';
import { PlainMedian } from './plain-median';
import { Pyth } from './pyth';
import type { Rule } from './rule';
import { VenueMedians } from './venue-medians';
import { Vwap } from './vwap';

const T = 1_700_000_100_000;

type Said = Partial<Omit<MarketQuote, 'at' | 'venue'>>;

/** A book of one dollar's spread about a middle, in USD unless told. */
function hear(rule: Rule, venue: VenueName, at: EpochMs, middle: number, said: Said = {}): void {
  const quote: MarketQuote = {
    at,
    venue,
    base: 'BTC',
    quote: 'USD',
    bid: middle - 0.5,
    ask: middle + 0.5,
    bidSize: 1,
    askSize: 1,
    last: middle,
    volumeUsd: 1,
    eventAt: at,
    sequence: 1,
    ...said,
  };
  rule.observe({ at, event: { at, venue, observation: {} }, quote });
}

/** One venue after another, from v1. */
function hearAll(rule: Rule, middles: readonly number[], at = T): Rule {
  middles.forEach((middle, index) => {
    hear(rule, VENUES[index]!, at, middle);
  });
  return rule;
}

describe('what the rules of others have in common', () => {
  it('hears no quote that cannot be one: what stood before still stands', () => {
    const rule = hearAll(new PlainMedian('BTC'), [100, 101, 102]);
    const impossible: Said[] = [
      { bid: 0 },
      { bid: -1 },
      { ask: NaN },
      { ask: 1e308 },
      { bid: 200 },
      { ask: undefined },
    ];
    for (const said of impossible) hear(rule, 'v2', T + 1, 101, said);
    expect(rule.price(T + 2).price).toBe(101);
  });

  it('turns USDT into USD by the median of its own books', () => {
    const rule = new PlainMedian('BTC');
    for (const [venue, rate] of [
      ['v2', 0.9],
      ['v6', 0.95],
      ['v7', 1],
    ] as const) {
      hear(rule, venue, T, rate, { base: 'USDT', bid: rate, ask: rate });
    }
    hear(rule, 'v1', T, 1_000, { quote: 'USDT' });
    expect(rule.price(T + 1).price).toBeCloseTo(950, 9);
  });

  it('has no price without a voice', () => {
    const rules = [PlainMedian, VenueMedians, Vwap, Pyth, CmeBrr, Deribit, Hyperliquid, Okx].map(
      (Each) => new Each('BTC'),
    );
    for (const rule of rules) expect(rule.price(T)).toMatchObject({ price: undefined, status: 'halted' });
  });
});

describe('median', () => {
  it('is the middle venue, or the mean of the two middle ones', () => {
    expect(hearAll(new PlainMedian('BTC'), [100, 900, 102]).price(T).price).toBe(102);
    expect(hearAll(new PlainMedian('BTC'), [100, 101, 103, 900]).price(T).price).toBe(102);
  });

  it('forgets who is ten seconds old', () => {
    const rule = hearAll(new PlainMedian('BTC'), [100, 101, 102]);
    hear(rule, 'v3', T + 5_000, 110);
    expect(rule.price(T + 10_000).price).toBe(110);
  });
});

describe('venueMedians', () => {
  it("takes each venue's median over one second, and drops whoever stands over 3 % away", () => {
    const rule = new VenueMedians('BTC');
    for (const middle of [90, 100, 200]) hear(rule, 'v1', T, middle);
    hear(rule, 'v2', T, 102);
    hear(rule, 'v3', T, 106);
    // The middle of 100, 102 and 106 is 102; 106 stands 3.9 % away; the middle of 100 and 102 is left.
    expect(rule.price(T)).toMatchObject({ price: 101, isFlagged: true });
    // A second later only v1's last word counts: of 200, 102 and 106 the first two stand too far from 106.
    expect(rule.price(T + 1_000)).toMatchObject({ price: 106 });
  });
});

describe('vwap', () => {
  it('weighs the last trades by what was traded within a minute', () => {
    const rule = new Vwap('BTC');
    hear(rule, 'v1', T, 100, { last: 100, volumeUsd: 30 });
    hear(rule, 'v2', T, 100, { last: 104, volumeUsd: 10 });
    expect(rule.price(T).price).toBe(101);
    hear(rule, 'v2', T + 59_000, 100, { last: 104, volumeUsd: 10 });
    hear(rule, 'v1', T + 61_000, 100, { last: 100, volumeUsd: 30 });
    // What stood at T has left the window: 30 at 100, 10 at 104.
    expect(rule.price(T + 61_000).price).toBe(101);
  });
});

describe('pyth', () => {
  it('is the median of three votes each, its band by the further quartile', () => {
    const rule = hearAll(new Pyth('BTC'), [100, 102, 110]);
    const { price, band } = rule.price(T);
    // Votes: 99.5 100 100.5 101.5 102 102.5 109.5 110 110.5; quartiles 100.5 and 109.5.
    const half = 7.5 * (Math.log(100) / Math.SQRT2);
    expect(price).toBe(102);
    expect(band?.low).toBeCloseTo(102 - half, 9);
    expect(band?.high).toBeCloseTo(102 + half, 9);
  });

  it('is unknown with fewer than three publishers', () => {
    expect(hearAll(new Pyth('BTC'), [100, 102]).price(T).status).toBe('halted');
  });
});

describe('cmeBrr', () => {
  it('is the mean over partitions of the volume-weighted median trade', () => {
    const rule = new CmeBrr('BTC');
    hear(rule, 'v1', T, 100, { volumeUsd: 1 });
    hear(rule, 'v2', T, 102, { volumeUsd: 3 });
    hear(rule, 'v3', T, 104, { volumeUsd: 1 });
    hear(rule, 'v1', T + 300_000, 108);
    expect(rule.price(T + 300_000).price).toBe((102 + 108) / 2);
  });

  it('leaves out a venue more than 10 % away from the others', () => {
    const rule = new CmeBrr('BTC');
    for (const [venue, middle, volumeUsd] of [
      ['v1', 150, 100],
      ['v2', 100, 1],
      ['v3', 101, 2],
    ] as const) {
      hear(rule, venue, T, middle, { volumeUsd });
    }
    expect(rule.price(T).price).toBe(101);
  });
});

describe('deribit', () => {
  it('moves whoever stands over 0.5 % away to the limit, and averages', () => {
    const { price } = hearAll(new Deribit('BTC'), [1_000, 1_001, 1_200]).price(T + 179_999);
    expect(price).toBeCloseTo((1_000 + 1_001 + 1_001 * 1.005) / 3, 9);
  });

  it('forgets who is three minutes old', () => {
    expect(hearAll(new Deribit('BTC'), [1_000]).price(T + 180_000).status).toBe('halted');
  });
});

describe('hyperliquid', () => {
  it('takes the weighted median of every third second, and holds it until the next', () => {
    const due = Math.ceil(T / 3_000) * 3_000;
    const rule = hearAll(new Hyperliquid('BTC'), [100, 110, 120, 130, 140, 150, 160], due - 10);
    // Weights 3 2 2 1 1 1 1, of which 5.5 is half: 100 and 110 have 5, 120 has the rest.
    expect(rule.price(due).price).toBe(120);
    hearAll(rule, [200, 210, 220, 230, 240, 250, 260], due + 10);
    expect(rule.price(due + 2_999).price).toBe(120);
    expect(rule.price(due + 3_000).price).toBe(220);
  });
});

describe('okx', () => {
  it.each([
    ['three are clamped to 3 % and averaged', [100, 102, 200], (100 + 102 + 102 * 1.03) / 3],
    ['two are averaged as they are', [100, 200], 150],
    ['one is believed', [100], 100],
  ])('%s', (_, middles, price) => {
    expect(hearAll(new Okx('BTC'), middles).price(T).price).toBeCloseTo(price, 9);
  });
});
