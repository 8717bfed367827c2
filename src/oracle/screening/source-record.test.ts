import { verdictCode, type Verdict } from '../verdict';
import { SourceRecord } from './source-record';

/** `used` has a price, the others a distance in basis points, of which 10 are allowed. */
type Row = readonly [at: number, verdict: Verdict, measured: number];

function recordOf(rows: readonly Row[]): SourceRecord {
  const record = new SourceRecord();
  for (const [at, verdict, measured] of rows) {
    record.absorb({ code: verdictCode(verdict), measured, limit: 10 }, at);
  }
  return record;
}

const CONTRADICTED: readonly Row[] = [
  [0, 'used', 100],
  [100, 'leading', 50],
  [200, 'leading', 50],
  [300, 'outlier', 50],
  [400, 'outlier', 50],
];

/** Stands apart and comes back, so many times, a second each. */
function pulses(times: number, from = 0): Row[] {
  return Array.from({ length: times }, (_, turn): Row[] => [
    [from + turn * 1_000, 'used', 100],
    [from + turn * 1_000 + 500, 'outlier', 50],
  ]).flat();
}

describe('SourceRecord', () => {
  it('trusts a source of which nothing is known', () => {
    const record = recordOf([]);
    expect([record.isTrusted(0), record.isQuarantined(0), record.departedAt]).toEqual([true, false, NaN]);
  });

  it('knows since when a source stands apart, whatever it is called meanwhile', () => {
    expect(recordOf(CONTRADICTED).departedAt).toBe(100);
    expect(recordOf([...CONTRADICTED, [500, 'used', 100]]).departedAt).toBeNaN();
  });

  it('distrusts for a minute who was contradicted, from the first time on', () => {
    const record = recordOf(CONTRADICTED);
    expect([record.isTrusted(60_299), record.isTrusted(60_300)]).toEqual([false, true]);
  });

  it.each([
    ['followed: the rest came to it', 100.45, true],
    ['followed by half', 100.26, true],
    ['not followed: it came back', 100.2, false],
  ])('of a departure that ends uncontradicted learns whether it was %s', (_reason, price, isTrusted) => {
    const record = recordOf([
      [0, 'used', 100],
      [100, 'leading', 50],
      [200, 'used', price],
    ]);
    expect(record.isTrusted(300)).toBe(isTrusted);
  });

  it('holds nothing against who lags, or falls silent', () => {
    const record = recordOf([
      [0, 'used', 100],
      [100, 'lagging', 50],
      [200, 'silent', NaN],
      [300, 'staleEvent', 2_000],
      [400, 'used', 100],
    ]);
    expect(record.isTrusted(400)).toBe(true);
  });

  it('quarantines at the third departure that was false, and counts each once', () => {
    expect(recordOf([...pulses(2), [1_600, 'outlier', 50]]).isQuarantined(2_000)).toBe(false);
    expect(recordOf(pulses(3)).isQuarantined(2_500)).toBe(true);
  });

  it('forgets after five minutes without another', () => {
    expect(recordOf([...pulses(2), ...pulses(2, 302_000)]).isQuarantined(304_000)).toBe(false);
  });

  it('readmits after a minute, once it has agreed for five seconds', () => {
    const out = pulses(3);
    const agreeing = (at: number): Row => [at, 'quarantined', 3];
    expect(recordOf([...out, agreeing(3_000)]).isQuarantined(62_499)).toBe(true);
    expect(recordOf([...out, agreeing(3_000)]).isQuarantined(62_500)).toBe(false);
    const straying: Row[] = [...out, agreeing(3_000), [60_000, 'quarantined', 11], agreeing(61_000)];
    expect(recordOf(straying).isQuarantined(65_999)).toBe(true);
    expect(recordOf(straying).isQuarantined(66_000)).toBe(false);
  });

  it('starts anew with who is back', () => {
    const back: Row[] = [...pulses(3), [3_000, 'quarantined', 3], [70_000, 'used', 100]];
    expect(recordOf([...back, ...pulses(2, 71_000)]).isQuarantined(73_000)).toBe(false);
  });

  it('is what it was after its state was stored', () => {
    const record = recordOf([...pulses(3), [3_000, 'quarantined', 3]]);
    const restored = new SourceRecord();
    restored.restore(record.state());
    expect(restored).toEqual(record);
  });
});
