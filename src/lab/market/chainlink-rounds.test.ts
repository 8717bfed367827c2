import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../oracle/units/time';
import { ChainlinkRounds } from './chainlink-rounds';

const SINCE = 1_780_000_000_000;
const BLOCK_MS = 12 * SECOND_MS;

describe(ChainlinkRounds.name, () => {
  let price: number;
  let feed: ChainlinkRounds;

  beforeEach(() => {
    price = 100;
    feed = new ChainlinkRounds({ address: '0x01', base: 'BTC', quote: 'USD' }, () => price, SINCE);
  });

  test('keeps its answer while the price stays within 50 bp', () => {
    const first = feed.latest(SINCE + MINUTE_MS);
    price = 100.49;
    expect(feed.latest(SINCE + 30 * MINUTE_MS)).toEqual(first);
    expect(first).toMatchObject({ answer: 10_000_000_000n, updatedAtS: (SINCE + BLOCK_MS) / SECOND_MS });
  });

  test('begins a round when the price has left it by 50 bp, visible a block later', () => {
    const first = feed.latest(SINCE + MINUTE_MS);
    price = 100.51;
    expect(feed.latest(SINCE + MINUTE_MS + SECOND_MS)).toEqual(first);
    const next = feed.latest(SINCE + 2 * MINUTE_MS);
    expect(next.answer).toBe(10_051_000_000n);
    expect(next.roundId).toBe(first.roundId + 1n);
    expect(next.updatedAtS - next.startedAtS).toBe(BLOCK_MS / SECOND_MS);
    expect(next.startedAtS).toBe((SINCE + MINUTE_MS + SECOND_MS) / SECOND_MS);
  });

  test('begins a round each hour without any deviation', () => {
    const first = feed.latest(SINCE + MINUTE_MS);
    const next = feed.latest(SINCE + HOUR_MS + MINUTE_MS);
    expect(next.roundId).toBe(first.roundId + 1n);
    expect(next.startedAtS).toBe((SINCE + HOUR_MS) / SECOND_MS);
  });

  test('answers after a day that nobody asked, without judging all of it', () => {
    let asked = 0;
    const idle = new ChainlinkRounds({ address: '0x01', base: 'BTC', quote: 'USD' }, () => (asked++, price), SINCE);
    const at = SINCE + 24 * HOUR_MS;
    expect(at / SECOND_MS - idle.latest(at).updatedAtS).toBeLessThan((2 * HOUR_MS) / SECOND_MS);
    expect(asked).toBeLessThanOrEqual(3_601);
  });
});
