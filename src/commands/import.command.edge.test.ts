import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readRecording } from '../recording/reader';
import { run } from './import.command';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-import-'));
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function capture(exchange: string, seconds: readonly number[]): Promise<string> {
  const lines = [
    { t: 'header', format: 2, exchange },
    ...seconds.map((ts) => ({ t: 'recv', conn: 'ws.1', ts, data: `${exchange} ${ts}` })),
  ];
  const path = join(folder, `${exchange}.jsonl.gz`);
  await writeFile(path, gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
  return path;
}

async function framesOf(path: string): Promise<unknown[]> {
  const frames: unknown[] = [];
  for await (const event of readRecording(path)) frames.push('frame' in event ? event.frame : event);
  return frames;
}

describe('assay import', () => {
  test.each(['out.ndjson', 'out.ndjson.gz'])('merges captures in the order of time into %s', async (name) => {
    const files = [await capture('OKX', [3, 1, 3.5]), await capture('BYBIT', [2, 3])];
    const out = join(folder, name);
    await run('cryptofeed', files, { out });
    expect(await framesOf(out)).toStrictEqual(['OKX 1', 'BYBIT 2', 'OKX 3', 'BYBIT 3', 'OKX 3.5']);
  });

  test('names file and line of what it cannot read, and writes nothing', async () => {
    const bad = join(folder, 'bad.jsonl');
    await writeFile(bad, '{"t":"header","format":2,"exchange":"OKX"}\n{"t":"recv"}\n');
    const out = join(folder, 'out.ndjson');
    await expect(run('cryptofeed', [bad], { out })).rejects.toThrow(/bad\.jsonl: line 2: no line of a cryptofeed/);
    await expect(framesOf(out)).rejects.toThrow('ENOENT');
  });

  test('refuses to write over a file, and a format it does not know', async () => {
    const out = await capture('OKX', []);
    await expect(run('cryptofeed', [], { out })).rejects.toThrow('EEXIST');
    await expect(run('tardis', [], { out })).rejects.toThrow(
      'format tardis is unknown; assay imports cryptofeed, trades, minutes',
    );
  });

  test('merges tapes of trades that are longer than a batch, with what is assumed', async () => {
    const tape = async (exchange: string, first: number): Promise<string> => {
      const rows = Array.from({ length: 5_000 }, (_, trade) => {
        const micros = 1_700_000_000_000_000 + (first + 2 * trade) * 1_000;
        return `${exchange},A,${micros},${micros},${trade},buy,1.5,1\n`;
      });
      const path = join(folder, `${exchange}.csv.gz`);
      const header = 'exchange,symbol,timestamp,local_timestamp,id,side,price,amount\n';
      await writeFile(path, gzipSync(header + rows.join('')));
      return path;
    };
    const out = join(folder, 'out.ndjson.gz');
    await run('trades', [await tape('okx', 0), await tape('bybit', 1)], { out, fixture: ['assumed:USDT-USD=1'] });
    const events = (await framesOf(out)) as { at: number; venue: string }[];
    expect(events.length).toBe(10_001);
    expect(events.slice(0, 4).map(({ at, venue }) => [at - 1_700_000_000_000, venue])).toEqual([
      [0, 'assumed'],
      [0, 'okx'],
      [1, 'bybit'],
      [2, 'okx'],
    ]);
  });

  test('leaves no recording behind when a row far into a file is bad', async () => {
    const path = join(folder, 'closes.csv');
    await writeFile(path, 'time,okx_btcusd\n2023-03-04T17:04:00Z,1\n2023-03-04T17:05:00Z,x\n');
    const out = join(folder, 'out.ndjson');
    await expect(run('minutes', [path], { out })).rejects.toThrow(
      /closes\.csv: line 3: okx_btcusd: "x" is no positive/,
    );
    await expect(framesOf(out)).rejects.toThrow('ENOENT');
  });
});
