import { gzipSync } from 'node:zlib';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePrices, readPriceFile } from './price-file';
import { PriceFileError } from './price-file-error';
import { gridOf } from './price-grid';
import { parsePriceTime } from './price-time';

const MIDNIGHT = Date.UTC(2022, 0, 1);
const HOUR = 3_600_000;

function hours(count: number, close: (hour: number) => string = (hour) => String(100 + hour)): string {
  const rows = Array.from(
    { length: count },
    (_, hour) => `${new Date(MIDNIGHT + hour * HOUR).toISOString()},${close(hour)}`,
  );
  return ['time,close', ...rows].join('\n');
}

function faultOf(work: () => unknown): { fault: string; line: number; message: string } | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!(error instanceof PriceFileError)) throw error;
    return { fault: error.fault, line: error.line, message: error.message };
  }
}

describe('parsePriceTime', () => {
  it.each([
    ['2022-01-01', MIDNIGHT],
    ['2022-01-01 01:00:00', MIDNIGHT + HOUR],
    ['2022-01-01T01:00', MIDNIGHT + HOUR],
    ['2022-01-01T01:00:00.250Z', MIDNIGHT + HOUR + 250],
    ['2022-01-01T02:00:00+01:00', MIDNIGHT + HOUR],
    ['1640995200', MIDNIGHT],
    ['1640995200000', MIDNIGHT],
    ['1640995200000000', MIDNIGHT],
    ['yesterday', undefined],
    ['2022-13-01', undefined],
    ['', undefined],
  ])('%s', (text, at) => expect(parsePriceTime(text)).toBe(at));
});

describe('parsePrices', () => {
  it('reads a banner, quotes, bars and rows from the newest to the oldest', () => {
    const text = [
      'https://example.org',
      '"unix","date","symbol","open","high","low","close","Volume BTC"',
      '1640998800,2022-01-01 11:00:00,BTC/USD,2,3,1,2.5,7',
      '1640995200,2022-01-01 10:00:00,BTC/USD,1,2,1,2,7',
    ].join('\r\n');
    const [series] = parsePrices(text, 'somewhere/BTC.csv.gz');
    expect(series).toMatchObject({
      asset: 'BTC',
      times: [MIDNIGHT, MIDNIGHT + HOUR],
      lines: [4, 3],
      open: [1, 2],
      high: [2, 3],
      low: [1, 1],
      close: [2, 2.5],
    });
  });

  it('takes each column for an asset where none is called close, and an empty cell for a gap', () => {
    const series = parsePrices('date,BTC,ETH\n2022-01-01,1,\n2022-01-02,2,5\n', 'many.csv');
    expect(series.map(({ asset, close }) => [asset, close])).toEqual([
      ['BTC', [1, 2]],
      ['ETH', [5]],
    ]);
    expect(series[1]?.times).toEqual([MIDNIGHT + 24 * HOUR]);
  });

  it.each([
    ['no time', 'close\n1\n2', 'no-time', 0],
    ['no close', 'time,price\n2022-01-01,1', 'no-close', 1],
    ['a time that is none', 'time,close\n2022-01-01,1\nsoon,2\n2022-01-03,1', 'bad-time', 3],
    ['text for a price', 'time,close\n2022-01-01,cheap', 'not-a-number', 2],
    ['NaN', 'time,close\n2022-01-01,NaN', 'not-a-number', 2],
    ['zero', 'time,close\n2022-01-01,0', 'not-positive', 2],
    ['a negative price', 'time,close\n2022-01-01,-1', 'not-positive', 2],
    ['a high below the close', 'time,open,high,low,close\n2022-01-01,1,2,1,3', 'impossible-bar', 2],
    ['a clock that repeats', 'time,close\n2022-01-01,1\n2022-01-01,1\n2022-01-03,1', 'repeats', 3],
    ['a clock that goes back', 'time,close\n2022-01-02,1\n2022-01-01,1\n2022-01-03,1', 'goes-back', 3],
  ])('refuses %s by name and line', (_, text, fault, line) => {
    expect(faultOf(() => parsePrices(text, 'a.csv'))).toMatchObject({ fault, line });
  });

  it('says where, what and the way out', () => {
    expect(faultOf(() => parsePrices('time,close\n2022-01-01,0', 'a.csv'))?.message).toBe(
      'a.csv, line 2: price 0; leave it empty where there was none (not-positive)',
    );
  });
});

describe('readPriceFile', () => {
  it('reads gzip and plain text alike', () => {
    const directory = mkdtempSync(join(tmpdir(), 'prices-'));
    try {
      writeFileSync(join(directory, 'plain.csv'), hours(3));
      writeFileSync(join(directory, 'packed.csv'), gzipSync(hours(3)));
      const [plain] = readPriceFile(join(directory, 'plain.csv'));
      const [packed] = readPriceFile(join(directory, 'packed.csv'));
      expect(packed?.close).toEqual(plain?.close);
      expect(packed?.close).toEqual([100, 101, 102]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('gridOf', () => {
  const grid = (text: string, minimum = 2): ReturnType<typeof gridOf> =>
    gridOf(parsePrices(text, 'a.csv')[0]!, minimum);

  it('leaves a gap open and names it', () => {
    const { bars, flags, stepMs } = grid(hours(8, (hour) => (hour === 3 || hour === 4 ? '' : String(100 + hour))));
    expect(stepMs).toBe(HOUR);
    expect(bars.map((bar) => bar?.close)).toEqual([100, 101, 102, undefined, undefined, 105, 106, 107]);
    expect(flags).toEqual([{ asset: 'a', flag: 'gap', from: MIDNIGHT + 3 * HOUR, bars: 2 }]);
  });

  it('names a market that stood still for a day', () => {
    const { flags } = grid(hours(40, (hour) => (hour < 30 ? '100' : String(100 + hour))));
    expect(flags).toEqual([{ asset: 'a', flag: 'frozen', from: MIDNIGHT + HOUR, bars: 29 }]);
  });

  it('names a print far beyond both ends of its bar', () => {
    const text = 'time,open,high,low,close\n2022-01-01,1,1,0.2,1\n2022-01-02,1,1.1,1,1\n2022-01-03,1,4,1,1';
    expect(grid(text).flags.map(({ flag, from }) => [flag, from])).toEqual([
      ['bad-print', MIDNIGHT],
      ['bad-print', MIDNIGHT + 48 * HOUR],
    ]);
  });

  it.each([
    ['too few bars', () => grid(hours(5), 6), 'too-short'],
    ['a price that never moves', () => grid(hours(5, () => '1')), 'never-moves'],
    ['a row beside the grid', () => grid(`${hours(5)}\n2022-01-01T05:30:00Z,1`), 'off-grid'],
  ])('refuses %s', (_, work, fault) => expect(faultOf(work)?.fault).toBe(fault));
});
