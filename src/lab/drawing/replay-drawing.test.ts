import { planOf } from '../../../test/support/plans';
import { quoteOf, T0 } from '../../../test/support/oracle-driver';
import type { Cut } from '../../oracle/cut';
import type { Report, Status } from '../../oracle/report';
import { ReplayColumns, type Window } from './replay-columns';
import { replayPage } from './replay-page';
import { StandingWords } from './standing-words';

const [USDT, BTC] = [0, 1];
const plan = planOf({
  'USDT/USD': { sources: { bank: {} } },
  'BTC/USD': { sources: { okx: { leg: 'USDT/USD', multiplier: 1_000, maxAgeMs: 5_000 }, bank: {} } },
});

/** A cut in which one feed says a price in hundredths, or nothing. */
function cutOf(at: number, feed: number, price: number | undefined, status: Status = 'ok'): Cut {
  const prices = price === undefined ? undefined : { price, low: price - 1, high: price + 1 };
  return { at, reports: [{ feed, status, prices } as Report] } as unknown as Cut;
}

describe(StandingWords.name, () => {
  test('a word is converted by the published leg, one unit of the asset at a time', () => {
    const words = new StandingWords(plan);
    words.hear('okx', 'BTC/USD', quoteOf(50_000), T0);
    words.take(cutOf(T0, USDT, undefined, 'halted'));
    expect(words.wordsOf(BTC, T0)).toEqual([NaN, NaN]);
    words.take(cutOf(T0 + 10, USDT, 90));
    expect(words.wordsOf(BTC, T0)).toEqual([45, NaN]);
  });

  test.each([
    ['until just before its source is too old', quoteOf(7), 9_999, 7],
    ['and not at that age', quoteOf(7), 10_000, NaN],
    ['by the time at which it was said', quoteOf(7, { eventAt: T0 - 2_000 }), 8_000, NaN],
    ['unless it has but one side', quoteOf(7, { ask: undefined }), 0, NaN],
    ['unless it is no price', quoteOf(-7), 0, NaN],
  ])('a word stands %s', (_case, quote, laterMs, stands) => {
    const words = new StandingWords(plan);
    words.hear('bank', 'BTC/USD', quote, T0);
    words.take(cutOf(T0, BTC, 700));
    expect(words.wordsOf(BTC, T0 + laterMs)[1]).toBe(stands);
  });

  test('a cut that fell due before a word was heard knows nothing of it', () => {
    const words = new StandingWords(plan);
    words.hear('bank', 'BTC/USD', quoteOf(7), T0);
    words.hear('bank', 'BTC/USD', quoteOf(8), T0 + 60_000);
    words.take(cutOf(T0 + 1_000, BTC, 700));
    expect(words.wordsOf(BTC, T0 + 1_000)[1]).toBe(7);
    words.take(cutOf(T0 + 60_000, BTC, 800));
    expect(words.wordsOf(BTC, T0 + 60_000)[1]).toBe(8);
  });

  test('a venue that disconnects stands by nothing, and markets that no feed has are passed over', () => {
    const words = new StandingWords(plan);
    words.hear('bank', 'BTC/USD', quoteOf(7), T0);
    words.hear('bank', 'DOGE/USD', quoteOf(7), T0);
    words.forget('bank', T0 + 1);
    words.take(cutOf(T0, BTC, 700));
    expect(words.wordsOf(BTC, T0)).toEqual([NaN, 7]);
    words.take(cutOf(T0 + 1, BTC, 700));
    expect(words.wordsOf(BTC, T0 + 1)).toEqual([NaN, NaN]);
  });
});

describe(ReplayColumns.name, () => {
  function drawingOf(cuts: readonly Cut[], window?: Window) {
    const words = new StandingWords(plan);
    const columns = new ReplayColumns(plan, words, window);
    for (const cut of cuts) {
      words.take(cut);
      columns.note(cut);
    }
    return columns.drawings()[BTC]!;
  }

  test('loses no spike and no halt of however long a replay, and stays as small', () => {
    const day = Array.from({ length: 86_400 }, (_, second) => {
      const at = T0 + second * 1_000;
      if (second === 50_000) return cutOf(at, BTC, undefined, 'halted');
      return cutOf(at, BTC, second === 40_000 ? 900 : 100);
    });
    const { columns, stepMs, from } = drawingOf(day);
    expect({ columns: columns.length, stepMs, from }).toEqual({ columns: 338, stepMs: 256_000, from: T0 });
    expect(columns.filter((column) => column?.price.high === 9)).toHaveLength(1);
    expect(columns[Math.floor(40_000 / 256)]?.band).toEqual({ low: 0.99, high: 9.01 });
    expect(columns.filter((column) => column?.status === 0)).toEqual([columns[Math.floor(50_000 / 256)]]);
  });

  test('keeps only what lies within its window', () => {
    const cuts = [0, 1, 2, 3].map((second) => cutOf(T0 + second * 1_000, BTC, 100 + second));
    const { columns, from } = drawingOf(cuts, { from: T0 + 1_000, to: T0 + 3_000 });
    expect(from).toBe(T0 + 1_000);
    expect(columns.map((column) => column?.price.low)).toEqual([1.01, 1.02]);
  });

  test('a stretch without a cut is a gap in the drawing', () => {
    const drawing = drawingOf([cutOf(T0, BTC, 100), cutOf(T0 + 2_000, BTC, 100)]);
    expect(drawing.columns[1]).toBeUndefined();
    const page = replayPage('a <day>', [{ title: 'whole', drawings: [drawing] }]);
    expect(page).toContain('<h1>a &lt;day&gt;</h1>');
    expect(page).toContain('<title>BTC/USD</title>');
    const pieces = /<path d="([^"]*)" fill="#000"/.exec(page)?.[1]?.match(/M/g);
    expect(pieces).toHaveLength(2);
    expect(page).not.toContain('NaN');
    expect(page).not.toContain('Infinity');
  });
});
