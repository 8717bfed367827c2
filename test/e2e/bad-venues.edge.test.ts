import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFault } from '../../src/lab/market/faults';
import type { Market } from '../../src/lab/market/market';
import { PERMITS } from '../../src/oracle/report';
import { LiveService, openMarket, withoutJumps } from '../support/live-service';
import { shorterConfiguration } from '../support/shorter-configuration';

const FEED = 'BTC/USD';
const MAX_AGE_MS = 2_000;

let directory: string;
let market: Market;
let live: LiveService;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'assay-bad-venues-'));
  const configuration = shorterConfiguration(directory, { defaults: { maxAgeMs: MAX_AGE_MS } });
  market = await openMarket(configuration, withoutJumps);
  live = await LiveService.start(configuration, market);
  await live.untilAll('ok');
  await live.until(() => live.report(FEED)?.sources.upstreams === 6, 'all six');
});

afterAll(async () => {
  await live.stop();
  await market.stop();
  rmSync(directory, { recursive: true });
});

interface Row {
  readonly source: string;
  readonly verdict: string;
  /** Of a quote that is used: the price it speaks for. */
  readonly measured?: number;
}

/** Resolves once `GET /v1/verdicts` says so of the venue's source of the feed. */
async function untilJudged(venue: string, isSo: (row: Row) => boolean): Promise<void> {
  for (;;) {
    const { body } = await live.get(`/v1/verdicts?feed=${FEED}`);
    const row = (body as { verdicts: Row[] }).verdicts.find(({ source }) => source.startsWith(`${venue}:`));
    if (row !== undefined && isSo(row)) return;
    const seen = live.entries.length;
    await live.until(
      () => live.entries.length > seen,
      `a cut, and another verdict on ${venue}: ${JSON.stringify(row)}`,
    );
  }
}

const untilVerdict = (venue: string, verdict: string) => untilJudged(venue, (row) => row.verdict === verdict);

/** What is published of the feed over some reports from now on. */
async function published() {
  const now = live.entries.at(-1)?.cut.number ?? NaN;
  return live.until(() => {
    const reports = live.reportsOf(FEED, now);
    return reports.length >= 20 && reports;
  }, `20 reports of ${FEED}`);
}

/** The price stays true and the feed ok, nothing is forbidden, and the service is up. */
async function expectUnmoved(): Promise<void> {
  const reports = await published();
  expect(live.p99ErrorBps(reports)).toBeLessThanOrEqual(5);
  for (const { status, permits } of reports) expect({ status, permits }).toEqual({ status: 'ok', permits: PERMITS });
  for (const path of ['/livez', '/readyz']) expect(await live.get(path)).toMatchObject({ status: 200 });
}

describe('one venue that misbehaves', () => {
  test.each<[fault: string, verdict: string]>([
    ['binance:zero', 'notPositive'],
    ['okx:crossed', 'crossed'],
    ['bybit:skew=3600000', 'future'],
    ['coinbase:skew=-3600000', 'staleEvent'],
    ['kraken:garbage', 'staleReceived'],
    ['coinbase:silence', 'staleReceived'],
    ['bybit:halfopen', 'staleReceived'],
    ['binance:kill', 'silent'],
  ])('%s: what it says is dropped as %s and moves nothing', async (text, verdict) => {
    const fault = parseFault(text);
    market.fault(fault);
    await untilVerdict(fault.venue, verdict);
    await expectUnmoved();
    market.heal(fault.venue);
    await untilVerdict(fault.venue, 'used');
  });

  test.each(['okx:freeze', 'bitstamp:gap=2', 'okx:flood=50'])(
    '%s: it keeps its vote and moves nothing',
    async (text) => {
      const fault = parseFault(text);
      market.fault(fault);
      await expectUnmoved();
      market.heal(fault.venue);
    },
  );

  test.each(['binance:lie=500', 'bybit:lie=-9000'])('%s: it is outvoted', async (text) => {
    const fault = parseFault(text);
    market.fault(fault);
    const isLie = ({ measured = NaN }: Row) => Math.abs(measured / (live.priceOf(FEED) ?? NaN) - 1) > 0.04;
    await untilJudged(fault.venue, isLie);
    await expectUnmoved();
    market.heal(fault.venue);
    await untilJudged(fault.venue, (row) => !isLie(row));
  });

  test('what kraken sent instead of quotes was counted by reason', async () => {
    const rejections = await live.metric('assay_rejections_total');
    const reasons = rejections.filter(({ labels, value }) => labels['venue'] === 'kraken' && value > 0);
    expect(reasons.map(({ labels }) => labels['reason']).sort()).toEqual(
      expect.arrayContaining(['notJson', 'notText', 'wrongShape']),
    );
  });

  test('every verdict was counted by stage', async () => {
    const verdicts = await live.metric('assay_verdicts_total');
    const seen = verdicts
      .filter(({ value }) => value > 0)
      .map(({ labels }) => `${labels['stage']} ${labels['verdict']}`);
    expect(seen).toEqual(
      expect.arrayContaining([
        'aggregation used',
        'observation silent',
        'observation notPositive',
        'observation crossed',
        'observation future',
        'screening staleReceived',
        'screening staleEvent',
      ]),
    );
  });
});
