import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Market } from '../../src/lab/market/market';
import type { Figures, Report, Status } from '../../src/oracle/report';
import type { LedgerEntry } from '../../src/outbound/ledger/ledger';
import { RiskTree } from '../../src/oracle/reporting/risk-tree';
import { LmdbLedger } from '../../src/outbound/ledger/lmdb-ledger';
import { loadKeccak } from '../../src/platform/keccak';
import type { Configuration } from '../../src/platform/config/configuration';
import { assay, startAssay } from '../support/assay-process';
import { LiveService, openMarket, withoutJumps } from '../support/live-service';
import { instruction, OPERATOR } from '../support/operator';
import { shorterConfiguration } from '../support/shorter-configuration';
import { StreamClient } from '../support/stream-client';

const ALL_LINES = ['--bytes', '--verdicts', '--risk'];

let directory: string;
let dataDirectory: string;
let configuration: Configuration;
let market: Market;

/** Three lives over one data directory: stopped, killed, stopped. What each appended, in order. */
let stopped: LedgerEntry[];
let killed: LedgerEntry[];
let last: LedgerEntry[];
/** The last cut that a subscriber of the killed service had received. */
let receivedCut: number;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'assay-restart-'));
  dataDirectory = join(directory, 'data');
  configuration = shorterConfiguration(directory, { operators: [OPERATOR] });
  market = await openMarket(configuration, withoutJumps);
  try {
    const first = await liveUntilHaltedByOperator();
    receivedCut = await liveUntilKilled();
    const second = await lastCutKept();
    const third = await liveUntilResumed(second);
    const entries = await kept();
    const between = (from: number, to: number) => entries.filter(({ cut }) => cut.number > from && cut.number <= to);
    [stopped, killed, last] = [between(0, first), between(first, second), between(second, third)];
  } finally {
    await market.stop();
  }
}, 90_000);

afterAll(() => {
  rmSync(directory, { recursive: true });
});

async function liveUntilHaltedByOperator(): Promise<number> {
  const live = await LiveService.start(configuration, market, { dataDirectory });
  try {
    await live.untilAll('ok');
    await instruct(live, 'halt');
    await live.until(() => live.report('ETH/USD')?.reasons.includes('operatorHalt'), 'ETH/USD halted by the operator');
  } finally {
    await live.stop();
  }
  return lastCutKept();
}

/** `assay serve` in a process of its own, killed in the middle of its work. */
async function liveUntilKilled(): Promise<number> {
  const reached = shorterConfiguration(directory, { operators: [OPERATOR], endpoints: market.endpoints });
  expect(reached.configHash).toBe(configuration.configHash);
  const files = ['--config', directory, '--data', dataDirectory];
  const child = startAssay(['serve', ...files, '--development-key', '--port', '0'], { ASSAY_LOG_LEVEL: 'info' });
  try {
    const client = await StreamClient.connect(`${(await listening(child)).replace('http', 'ws')}/v1/stream`);
    client.send({ op: 'subscribe', feeds: ['BTC/USD'] });
    for (;;) {
      const { header, reports } = await client.next<Update>('update');
      if (reports[0]?.view.status === 'ok') return Number(header.cut);
    }
  } finally {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }
}

interface Update {
  readonly header: { readonly cut: string };
  readonly reports: readonly { readonly view: { readonly status: Status } }[];
}

async function listening(child: ChildProcess): Promise<string> {
  const { stderr } = child;
  if (stderr === null) throw new Error('the process has no pipes');
  const said: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    said.push(line);
    const url = /listening on (http:[^"]+)/.exec(line)?.[1];
    if (url !== undefined) {
      stderr.resume();
      return url;
    }
  }
  throw new Error(`the service ended before it listened: ${said.join('\n')}`);
}

async function liveUntilResumed(after: number): Promise<number> {
  const recordFile = join(directory, 'recording.ndjson');
  const live = await LiveService.start(configuration, market, { dataDirectory, recordFile, after, cold: true });
  try {
    await live.untilStatus('BTC/USD', 'ok');
    await instruct(live, 'resume');
    await live.untilAll('ok');
  } finally {
    await live.stop();
  }
  return lastCutKept();
}

async function instruct(live: LiveService, action: 'halt' | 'resume'): Promise<void> {
  const body = await instruction(configuration.plan.network, action, 'ETH/USD', Date.now());
  expect(await live.post('/v1/operator', body)).toMatchObject({ status: 202 });
}

async function kept(): Promise<LedgerEntry[]> {
  const ledger = await LmdbLedger.open(dataDirectory);
  const entries: LedgerEntry[] = [];
  for await (const entry of ledger.read(-1)) entries.push(entry);
  await ledger.close();
  return entries;
}

async function lastCutKept(): Promise<number> {
  return (await kept()).at(-1)?.cut.number ?? NaN;
}

function reportsOf(feed: string, entries: readonly LedgerEntry[]): Report[] {
  const index = configuration.plan.feeds.findIndex(({ id }) => id === feed);
  return entries.flatMap(({ cut }) => cut.reports.filter((report) => report.feed === index));
}

/** Without repetitions. */
function statusesOf(feed: string, entries: readonly LedgerEntry[]): Status[] {
  const statuses = reportsOf(feed, entries).map(({ status }) => status);
  return statuses.filter((status, index) => status !== statuses[index - 1]);
}

function bitcoinFigures(entries: readonly LedgerEntry[]): Figures[] {
  const index = configuration.plan.feeds.findIndex(({ id }) => id === 'BTC/USD');
  return entries.flatMap(({ cut }) => cut.figures.filter(({ feed }) => feed === index));
}

describe('a service that is stopped, started, killed and started again', () => {
  test('has kept every cut that a subscriber received before the kill', () => {
    expect(killed.some(({ cut }) => cut.number === receivedCut)).toBe(true);
  });

  test('uses no cut number twice', () => {
    const numbers = [...stopped, ...killed, ...last].map(({ cut }) => cut.number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  test.each(['BTC/USD', 'ETH/USD', 'USDT/USD', 'ETH/BTC'])('counts the reports of %s on, without a gap', (feed) => {
    const sequences = reportsOf(feed, [...stopped, ...killed, ...last]).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? NaN) + index));
  });

  test('is halted, then in grace, then ok each time, and never warms up again', () => {
    expect(statusesOf('BTC/USD', stopped).slice(0, 3)).toEqual(['halted', 'grace', 'ok']);
    expect(statusesOf('BTC/USD', killed).slice(0, 3)).toEqual(['halted', 'grace', 'ok']);
    expect(statusesOf('BTC/USD', last).slice(0, 3)).toEqual(['halted', 'grace', 'ok']);
  });

  test.each<[string, () => LedgerEntry[]]>([
    ['stop', () => killed],
    ['kill', () => last],
  ])('knows its past at the first cut after a %s: only the time that nobody was there is missing', (_, entries) => {
    const before = bitcoinFigures(entries() === killed ? stopped : killed).at(-1);
    const [minute, ...longer] = bitcoinFigures(entries())[0]?.twaps ?? [];
    expect(longer.map(({ price }) => price)).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)]);
    expect(minute?.coverageBps).toBeGreaterThan(0);
    expect(minute?.price !== undefined).toBe((minute?.coverageBps ?? NaN) >= 9_000);
    const hours = [before?.twaps[3]?.coverageBps ?? NaN, longer[2]?.coverageBps ?? NaN];
    expect(hours).toEqual([...hours].sort((a, b) => b - a));
    expect(hours[1]).toBeGreaterThan(9_800);
  });

  test('goes on with volatility and stable price', () => {
    for (const [before, after] of [[stopped, killed] as const, [killed, last] as const]) {
      const old = bitcoinFigures(before).at(-1);
      const young = bitcoinFigures(after)[0];
      expect(young?.observations).toBeGreaterThanOrEqual(old?.observations ?? NaN);
      expect(young?.volatilityPpm).toBeGreaterThan(0);
      expect(Math.abs((young?.stable ?? NaN) / (old?.stable ?? NaN) - 1)).toBeLessThan(1e-4);
    }
  });

  test('publishes risk with the first cut of each life: no header is without its root', async () => {
    const keccak = await loadKeccak();
    for (const life of [stopped, killed, last]) {
      let root: Uint8Array | undefined;
      for (const { cut } of life) {
        if (cut.risk !== undefined) root = new RiskTree(cut.risk, configuration.plan, keccak).root;
        expect(Buffer.compare(cut.header.riskRoot, root ?? new Uint8Array())).toBe(0);
      }
    }
  });

  test('holds halted what an operator halted, through both, until the operator resumes it', () => {
    expect(statusesOf('ETH/USD', stopped).at(-1)).toBe('halted');
    expect(statusesOf('ETH/USD', killed)).toEqual(['halted']);
    for (const { reasons } of reportsOf('ETH/USD', killed)) expect(reasons).toContain('operatorHalt');
    expect(statusesOf('ETH/USD', last).slice(0, 3)).toEqual(['halted', 'grace', 'ok']);
    const audited = [...stopped, ...killed, ...last].flatMap(({ operator }) => operator);
    expect(audited).toMatchObject([{ halt: 'ETH/USD' }, { resume: 'ETH/USD' }]);
  });

  test('its recording of the last life alone gives that life again, byte for byte', async () => {
    const input = ['--config', directory, '--in', join(directory, 'recording.ndjson')];
    const signed = [...ALL_LINES, '--development-key'];
    const quiet = { ASSAY_LOG_LEVEL: 'silent' };
    const data = ['--config', directory, '--data', dataDirectory];
    const [replayed, listed] = [join(directory, 'replayed.ndjson'), join(directory, 'listed.ndjson')];
    const codes = await Promise.all([
      assay(['replay', ...input, '--out', replayed, ...signed], quiet),
      assay(['ledger', ...data, '--out', listed, ...ALL_LINES], quiet),
    ]);
    expect(codes.map(({ code }) => code)).toEqual([0, 0]);
    const lines = readFileSync(listed, 'utf8').split('\n');
    const begin = lines.findIndex((line) => line.includes(`"cut":${last[0]?.cut.number},`));
    expect(begin).toBeGreaterThan(0);
    expect(readFileSync(replayed, 'utf8') === lines.slice(begin).join('\n')).toBe(true);
  });
});
