import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Intake } from '../../src/inbound/intake';
import type { Market } from '../../src/lab/market/market';
import { VENUE_NAMES, type VenueName } from '../../src/lab/market/venue-quotes';
import type { OracleInput } from '../../src/oracle/input';
import { PERMITS, type Report } from '../../src/oracle/report';
import { TICK_MS } from '../../src/oracle/units/time';
import type { Configuration } from '../../src/platform/config/configuration';
import { readRecording } from '../../src/recording/reader';
import { voicesOf } from '../../src/runtime/build-engine';
import { assay } from '../support/assay-process';
import { LiveService, openMarket, withoutJumps } from '../support/live-service';
import { shorterConfiguration } from '../support/shorter-configuration';

const FEED = 'BTC/USD';
const MAX_AGE_MS = 2_000;
const MIN_UPSTREAMS = 3;
const QUIET = { ASSAY_LOG_LEVEL: 'silent' };

let directory: string;
let recordFile: string;
let dataDirectory: string;
let configuration: Configuration;
let market: Market;
let live: LiveService;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'assay-lost-venues-'));
  recordFile = join(directory, 'recording.ndjson');
  dataDirectory = join(directory, 'data');
  configuration = shorterConfiguration(directory, { defaults: { maxAgeMs: MAX_AGE_MS } });
  market = await openMarket(configuration, withoutJumps);
  live = await LiveService.start(configuration, market, { recordFile, dataDirectory, chainless: true });
  await live.untilAll('ok');
});

afterAll(async () => {
  await live.stop();
  await market.stop();
  rmSync(directory, { recursive: true });
});

/** Kills exchanges; the reports from the first that rests on `upstreams` voices on, some of them. */
async function kill(venues: readonly VenueName[], upstreams: number): Promise<readonly Report[]> {
  for (const venue of venues) market.fault({ venue, fault: 'kill' });
  const { cut } = await live.until(() => {
    const report = live.report(FEED);
    return report?.sources.upstreams === upstreams && report;
  }, `${FEED} by ${upstreams} upstreams`);
  return live.until(() => {
    const since = live.reportsOf(FEED, cut - 1);
    return (upstreams === 0 || since.length >= 20) && since;
  }, `20 reports by ${upstreams} upstreams`);
}

/** What a set of reports says, each combination once. */
function said(reports: readonly Report[]): unknown[] {
  const sayings = reports.map(({ status, reasons, permits, prices }) =>
    JSON.stringify({ status, reasons, permits, priced: prices !== undefined }),
  );
  return [...new Set(sayings)].map((saying) => JSON.parse(saying) as unknown);
}

describe('BTC/USD, while exchanges are lost one after another', () => {
  test('without the largest it is ok', async () => {
    expect(said(await kill(['binance'], 5))).toEqual([{ status: 'ok', reasons: [], permits: PERMITS, priced: true }]);
  });

  test('without the three that quote in USDT it is degraded, and liquidates but opens nothing', async () => {
    expect(said(await kill(['okx', 'bybit'], 3))).toEqual([
      {
        status: 'degraded',
        reasons: ['thinUpstreams', 'thinWeight'],
        permits: ['liquidate', 'repay', 'topUp'],
        priced: true,
      },
    ]);
  });

  test('without any it is halted at once and has no price', async () => {
    expect(said(await kill(['coinbase', 'kraken', 'bitstamp'], 0))).toEqual([
      {
        status: 'halted',
        reasons: ['tooFewUpstreams', 'thinWeight', 'tooFewNative', 'weightLost'],
        permits: ['repay', 'topUp'],
        priced: false,
      },
    ]);
  });

  test('when they return it goes through grace, which liquidates nobody, to ok', async () => {
    const halted = live.report(FEED)?.cut ?? NaN;
    for (const venue of VENUE_NAMES) market.heal(venue);
    const { cut: okCut } = await live.untilStatus(FEED, 'ok');
    const way = live.reportsOf(FEED, halted).filter(({ cut }) => cut < okCut);
    const grace = way.filter(({ status }) => status !== 'halted');

    expect(new Set(grace.map(({ status }) => status))).toEqual(new Set(['grace']));
    for (const { reasons, permits, prices } of grace) {
      expect(reasons).toContain('resuming');
      expect(permits).toEqual(['repay', 'topUp']);
      expect(prices).toBeDefined();
    }
    const graceMs = (okCut - (grace[0]?.cut ?? NaN)) * TICK_MS;
    expect(graceMs).toBeGreaterThanOrEqual(1_000 - TICK_MS);
  });

  test('99 of 100 prices of all that are within 5 bp of the truth', () => {
    const priced = live.reportsOf(FEED).filter(({ prices }) => prices !== undefined);
    expect(priced.length).toBeGreaterThan(100);
    expect(live.p99ErrorBps(priced)).toBeLessThanOrEqual(5);
  });
});

describe('a market that falls silent on connections that stay open', () => {
  test('halts when the last vote but two expires, to the tick, without any input', async () => {
    await live.until(() => live.report(FEED)?.sources.upstreams === 6, 'six upstreams');
    const silentSince = live.report(FEED)?.cut ?? NaN;
    for (const venue of VENUE_NAMES) market.fault({ venue, fault: 'silence' });
    const halted = await live.untilStatus(FEED, 'halted');
    expect(halted).toMatchObject({
      reasons: expect.arrayContaining(['tooFewUpstreams']) as unknown,
      prices: undefined,
    });
    const halt = live.entries.find(({ cut }) => cut.number === halted.cut);
    await stopAfterTheLastWord();

    const { spokenAt, heardAt } = await lastWords(halt?.cut.at ?? NaN);
    const expiresAt = (spokenAt.sort((a, b) => b - a)[MIN_UPSTREAMS - 1] ?? NaN) + MAX_AGE_MS;
    const lateMs = (halt?.cut.at ?? NaN) - expiresAt;
    expect(lateMs).toBeGreaterThanOrEqual(0);
    expect(lateMs).toBeLessThanOrEqual(TICK_MS);
    expect(heardAt).toBeLessThan((halt?.cut.at ?? NaN) - MAX_AGE_MS / 2);
    expect(live.reportsOf(FEED, silentSince).length).toBeGreaterThan(0);
  });
});

describe('a recording whose last words come from a clock', () => {
  test('replays to the last cut that was published', async () => {
    const [replayed, listed] = [join(directory, 'replayed.ndjson'), join(directory, 'listed.ndjson')];
    const config = ['--config', directory];
    const ends = await Promise.all([
      assay(['replay', ...config, '--in', recordFile, '--out', replayed, '--bytes', '--development-key'], QUIET),
      assay(['ledger', ...config, '--data', dataDirectory, '--out', listed, '--bytes'], QUIET),
    ]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    const [lines, expected] = [replayed, listed].map((file) => readFileSync(file, 'utf8').split('\n'));
    expect(lines?.length).toBe(expected?.length);
    expect(lines?.at(-2)).toBe(expected?.at(-2));
  });
});

/** Loses all connections, and stops once cuts have been made for which nothing was heard any more. */
async function stopAfterTheLastWord(): Promise<void> {
  for (const venue of VENUE_NAMES) market.fault({ venue, fault: 'kill' });
  await live.until(() => live.entries.at(-1)?.cut.verdicts.source.length === 0, 'a cut that judged nobody');
  const seen = live.entries.length;
  await live.until(() => live.entries.length > seen, 'another');
  await live.stop();
}

/** When each source of the feed last spoke before an instant, and when anything at all was last heard before it. */
async function lastWords(before: number): Promise<{ spokenAt: number[]; heardAt: number }> {
  const { plan } = configuration;
  const feed = plan.feeds.findIndex(({ id }) => id === FEED);
  const intake = new Intake(plan, voicesOf(configuration));
  const spokenAt = new Map<number, number>();
  let heardAt = -Infinity;
  for await (const event of readRecording(recordFile)) {
    if (event.at > before) break;
    heardAt = event.at;
    const inputs: OracleInput[] = [];
    intake.take(event, inputs);
    for (const input of inputs) {
      if (input.kind !== 'quote') continue;
      const source = plan.sources[input.source];
      if (source?.feed !== feed || source.anchor !== undefined) continue;
      spokenAt.set(input.source, Math.min(event.at, input.quote.eventAt ?? Infinity));
    }
  }
  return { spokenAt: [...spokenAt.values()], heardAt };
}
