import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run as importRun } from './import.command';
import { run as replayRun } from './replay.command';

interface ReportLine {
  readonly at: number;
  readonly feed: string;
  readonly status: string;
  readonly reasons: readonly string[];
  readonly permits: readonly string[];
  readonly price?: string;
}

const START = Date.UTC(2025, 9, 10, 21, 0);
const MINUTE = 60_000;
const HEADER = 'exchange,symbol,timestamp,local_timestamp,id,side,price,amount';

let folder: string;

beforeAll(async () => {
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  folder = await mkdtemp(join(tmpdir(), 'assay-replay-'));
  // Made up: both venues trade twice a second, never twice at one price; after four minutes Binance falls by 40 % for 30 s.
  const tape = async (exchange: string, symbol: string, priceAt: (ms: number) => number): Promise<string> => {
    const rows = Array.from({ length: 2 * 60 * 6 }, (_, trade) => {
      const ms = trade * 500;
      const [said, heard] = [START + ms, START + ms + 40].map((at) => `${at}000`);
      return `${exchange},${symbol},${said},${heard},${trade + 1},sell,${(priceAt(ms) + (trade % 7) / 1e5).toFixed(5)},10`;
    });
    const path = join(folder, `${exchange}.csv`);
    await writeFile(path, [HEADER, ...rows, ''].join('\n'));
    return path;
  };
  const files = [
    await tape('binance', 'POLUSDT', (ms) => (ms >= 4 * MINUTE && ms < 4.5 * MINUTE ? 0.12 : 0.2)),
    await tape('coinbase', 'POL-USD', () => 0.2),
  ];
  await importRun('trades', files, { out: join(folder, 'day.ndjson.gz'), fixture: ['assumed:USDT-USD=1'] });
});

afterAll(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function replayed(name: string, html?: string): Promise<string> {
  const out = join(folder, name);
  const options = { config: ['config/days/2025-10-10'], in: join(folder, 'day.ndjson.gz'), out };
  await replayRun(html === undefined ? options : { ...options, html: join(folder, html) });
  return readFile(out, 'utf8');
}

describe('assay replay, of a tape on which one of two venues falls by 40 %', () => {
  let lines: ReportLine[];

  beforeAll(async () => {
    const text = await replayed('day.out');
    lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ReportLine)
      .filter(({ feed }) => feed === 'POL/USD');
  });

  test('is never ok while they are apart, says why, and lets nobody be liquidated', () => {
    const apart = lines.filter(({ at }) => at >= START + 4 * MINUTE + 50 && at < START + 4.5 * MINUTE);
    expect(apart.length).toBeGreaterThan(10);
    for (const { status, reasons, permits } of apart) {
      expect(status).not.toBe('ok');
      expect(reasons).toContain('nativeGap');
      expect(permits).toEqual(['repay', 'topUp']);
    }
  });

  test('is ok before, and again once they agree', () => {
    const before = lines.filter(({ at }) => at < START + 4 * MINUTE).at(-1);
    expect(before).toMatchObject({ status: 'ok', price: expect.stringMatching(/^0\.200/) });
    expect(lines.at(-1)).toMatchObject({ status: 'ok', price: expect.stringMatching(/^0\.200/) });
  });

  test('draws price, band, venues and status in one page, and publishes the same', async () => {
    const drawn = await replayed('drawn.out', 'day.html');
    expect(drawn === (await readFile(join(folder, 'day.out'), 'utf8'))).toBe(true);
    const page = await readFile(join(folder, 'day.html'), 'utf8');
    const named = ['POL/USD', 'coinbase:POL-USD', 'binance:POLUSDT', 'assumed:USDT-USD', '2025-10-10 21:00:00'];
    expect(named.filter((name) => !page.includes(name))).toEqual([]);
    expect(page.includes('NaN')).toBe(false);
  });
});
