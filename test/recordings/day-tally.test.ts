import type { Cut } from '../../src/oracle/cut';
import type { Status } from '../../src/oracle/report';
import { minuteEvents } from '../../src/recording/importers/minutes';
import type { Line } from '../../src/recording/lines';
import { StandingWords } from '../../src/lab/drawing/standing-words';
import { quoteOf, T0 } from '../support/oracle-driver';
import { planOf } from '../support/plans';
import { DayTally } from './day-tally';
import { judgedReplay } from './judged-replay';

describe(DayTally.name, () => {
  const plan = planOf({ 'POL/USD': { sources: { near: {}, far: {} } } });

  /** Second by second: the status, and what both venues say. */
  function tallyOf(...seconds: readonly [Status, number, number][]) {
    const words = new StandingWords(plan);
    const tally = new DayTally(plan, words);
    for (const [second, [status, near, far]] of [...seconds, seconds.at(-1)!].entries()) {
      const at = T0 + second * 1_000;
      words.hear('near', 'POL/USD', quoteOf(near), at);
      words.hear('far', 'POL/USD', quoteOf(far), at);
      const permits = status === 'halted' ? [] : ['liquidate'];
      const prices = { price: 10_000, low: 8_000, high: 12_000 };
      const report = { feed: 0, status, reasons: ['wideBand'], permits, prices };
      const cut = { at, reports: [report] } as unknown as Cut;
      words.take(cut);
      tally.note(cut);
    }
    return tally.tallies()[0]!;
  }

  test('catches a feed that is ok while its venues contradict each other, and for how long', () => {
    const tally = tallyOf(['ok', 100, 100], ['ok', 100, 60], ['ok', 100, 60], ['degraded', 100, 60], ['ok', 100, 60]);
    expect(tally.longestApartOkSeconds).toBe(2);
    expect(tally.secondsApart).toEqual({ ok: 3, degraded: 1 });
    expect(tally.secondsLiquidableOutside).toBe(4);
    expect(tally.widest).toMatchObject({ at: T0 + 1_000, bps: expect.closeTo(4_000, 6), status: 'ok' });
    expect(tally.worstWhileOk).toMatchObject({ at: T0 + 1_000, bps: 2_500, price: 100 });
  });

  test('venues that are merely noisy, or of whom one is silent, do not contradict each other', () => {
    const tally = tallyOf(['ok', 100, 91], ['degraded', 100, NaN], ['halted', NaN, NaN]);
    expect(tally.secondsApart).toEqual({});
    expect(tally.secondsLiquidableOutside).toBe(0);
    expect(tally.secondsByStatus).toEqual({ ok: 1, degraded: 1, halted: 1 });
    expect(tally.secondsByReason).toEqual({ wideBand: 3 });
  });
});

/** Closes as such files hold them, made up: Coinbase falls silent after ten minutes, and comes back after another ten. */
async function* outage(): AsyncGenerator<Line> {
  const columns = {
    binance_btcusdt: '22300.5',
    binance_btcusdc: '22301',
    binance_usdcusdt: '0.9999',
    coinbase_btcusd: '22302',
    coinbase_btcusdt: '22301.5',
    coinbase_usdtusd: '1.00002',
    kraken_btcusd: '22301.7',
    kraken_btcusdt: '22301.1',
    kraken_btcusdc: '22300.9',
    kraken_usdcusd: '1',
    kraken_usdtusd: '1.0001',
  };
  yield { number: 1, text: ['time', ...Object.keys(columns)].join(','), ended: true };
  for (let minute = 0; minute < 30; minute++) {
    const isOut = minute >= 10 && minute < 20;
    const cells = Object.entries(columns).map(([name, close]) => (isOut && name.startsWith('coinbase') ? '' : close));
    const time = new Date(Date.UTC(2023, 2, 4, 17, minute)).toISOString();
    yield await Promise.resolve({ number: minute + 2, text: [time, ...cells].join(','), ended: true });
  }
}

describe('nine days of March 2023, an outage like that of Coinbase', () => {
  test('costs no feed its price, and those that then rest on fewer venues say so', async () => {
    const { feeds } = await judgedReplay('config/days/2023-03', minuteEvents(outage()));
    const hurt = feeds.filter(({ secondsByStatus }) => 'halted' in secondsByStatus || 'grace' in secondsByStatus);
    expect(hurt.map(({ feed }) => feed)).toEqual([]);
    const thin = feeds.filter(({ secondsByReason }) => 'thinUpstreams' in secondsByReason);
    expect(thin.map(({ feed }) => feed)).toEqual(['USDT/USD', 'BTC/USD', 'BTC/USDT']);
  });
});
