import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Market, MarketOptions } from '../../src/lab/market/market';
import { PERMITS } from '../../src/oracle/report';
import {
  feedsAnswer,
  healthAnswer,
  pricesAnswer,
  sourcesAnswer,
  verdictsAnswer,
} from '../../src/outbound/rest/answers';
import { script } from '../support/assay-process';
import { LiveService, openMarket, withoutJumps } from '../support/live-service';
import { instruction, OPERATOR } from '../support/operator';
import { shorterConfiguration } from '../support/shorter-configuration';
import { StreamClient } from '../support/stream-client';

const SIGNER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const STRANGER = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';

let directory: string;
let webhook: Server;
/** What was posted to the webhook. */
const posted: Record<string, unknown>[] = [];
let market: Market;
let live: LiveService;

/** On the simulated chain, what poses as the price of ether is that of solana. */
function lyingNode({ aggregators = [] }: MarketOptions): Partial<MarketOptions> {
  const lie = aggregators.map((feed) => (feed.base === 'ETH' ? { ...feed, base: 'SOL' } : feed));
  return { ...withoutJumps(), aggregators: lie };
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'assay-outbound-'));
  webhook = createServer((request, response) => {
    void json(request).then((body) => {
      posted.push(body as Record<string, unknown>);
      response.writeHead(204).end();
    });
  });
  await once(webhook.listen(0, '127.0.0.1'), 'listening');
  const { port } = webhook.address() as AddressInfo;
  const configuration = shorterConfiguration(directory, { operators: [OPERATOR] });
  market = await openMarket(configuration, lyingNode);
  live = await LiveService.start(configuration, market, {
    environment: { ASSAY_ALERT_WEBHOOK: `http://127.0.0.1:${port}` },
  });
  await live.untilAll('ok');
});

afterAll(async () => {
  await live.stop();
  await market.stop();
  webhook.close();
  webhook.closeAllConnections();
  rmSync(directory, { recursive: true });
});

describe("the stranger's script, on the real service", () => {
  const verify = (environment: NodeJS.ProcessEnv) =>
    script(['client/examples/verify.mjs', live.streamUrl, '3'], environment);

  test('rebuilds leaf and root, recovers the signer, and reads a true price', async () => {
    const { code, printed, complained } = await verify({ ASSAY_SIGNER: SIGNER });
    expect({ code, complained }).toEqual({ code: 0, complained: '' });
    const lines = [...printed.matchAll(/^BTC\/USD (\d+\.\d+) at cut (\d+), signed by (0x\w+)$/gm)];
    expect(lines).toHaveLength(3);
    for (const [, price, cut, signer] of lines) {
      const truth = market.truthOf('BTC', 'USD', Number(cut) * 10);
      expect(Math.abs(Number(price) / truth - 1)).toBeLessThan(5e-4);
      expect(signer).toBe(SIGNER);
    }
  });

  test('ends badly where another signer was expected', async () => {
    const { code, complained } = await verify({ ASSAY_SIGNER: STRANGER });
    expect(code).toBe(1);
    expect(complained).toContain(`signed by ${SIGNER}, whom nobody named`);
  });
});

describe('REST, on the real service', () => {
  test('answers the latest prices of the feeds that were asked for, with figures and proofs', async () => {
    const { status, body } = await live.get('/v1/prices/latest?feeds=ETH/BTC,BTC/USD&figures=true');
    expect(status).toBe(200);
    const { reports, header } = pricesAnswer.parse(body);
    expect(reports.map(({ feed, figures }) => [feed, figures !== undefined])).toEqual([
      ['ETH/BTC', true],
      ['BTC/USD', true],
    ]);
    expect(reports[1]?.view).toMatchObject({
      status: 'ok',
      reasons: [],
      permits: PERMITS,
      twap: { '5m': expect.any(String) as string, '1h': expect.any(String) as string },
    });
    expect(Number(header.validUntil)).toBeGreaterThan(Number(header.cut) * 10);
  });

  test('answers feeds, sources and verdicts', async () => {
    const feeds = feedsAnswer.parse((await live.get('/v1/feeds')).body);
    expect(feeds.map(({ id }) => id)).toEqual(live.configuration.plan.feeds.map(({ id }) => id));
    const sources = sourcesAnswer.parse((await live.get('/v1/sources')).body);
    expect(sources.map(({ id }) => id)).toEqual(live.configuration.plan.sources.map(({ id }) => id));
    const { verdicts } = verdictsAnswer.parse((await live.get('/v1/verdicts?feed=BTC/USD')).body);
    expect(verdicts.map(({ source, verdict }) => `${source} ${verdict}`).sort()).toEqual([
      'binance-perpetual:BTCUSDT witness',
      'binance:BTCUSDT used',
      'bitstamp:btcusd used',
      'bybit-perpetual:BTCUSDT witness',
      'bybit:BTCUSDT used',
      'coinbase:BTC-USD used',
      'kraken:BTC/USD used',
      'okx-perpetual:BTC-USDT-SWAP witness',
      'okx:BTC-USDT used',
    ]);
    expect(verdicts.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
  });

  test.each(['/livez', '/readyz'])('answers %s with its checks', async (path) => {
    const { status, body } = await live.get(path);
    expect(status).toBe(200);
    expect(healthAnswer.parse(body).ok).toBe(true);
  });

  test('describes every path in /openapi.json', async () => {
    const { body } = await live.get('/openapi.json');
    expect(Object.keys((body as { paths: object }).paths)).toEqual(
      expect.arrayContaining([
        '/v1/prices/latest',
        '/v1/feeds',
        '/v1/sources',
        '/v1/verdicts',
        '/v1/alerts',
        '/v1/operator',
        '/livez',
        '/readyz',
      ]),
    );
  });

  test.each<[path: string, status: number, code: string]>([
    ['/v1/verdicts?feed=DOGE/USD', 404, 'unknownFeed'],
    ['/v1/prices/latest?feed=BTC/USD', 400, 'malformed'],
    ['/v1/verdicts', 400, 'malformed'],
    ['/v1/alerts?limit=-1', 400, 'malformed'],
    ['/v2', 404, 'notFound'],
  ])('refuses %s with a problem', async (path, status, code) => {
    expect(await live.get(path)).toMatchObject({ status, body: { code, status } });
  });

  test('counts every stage in /metrics', async () => {
    const counted = ['frames', 'verdicts', 'cuts', 'ledger_appends', 'chain_reads'];
    const samples = await Promise.all(counted.map((name) => live.metric(`assay_${name}_total`)));
    const silent = counted.filter((_, index) => !samples[index]?.some(({ value }) => value > 0));
    expect(silent).toEqual([]);
    const feeds = await live.metric('assay_feeds');
    expect(feeds.reduce((sum, { value }) => sum + value, 0)).toBe(live.configuration.plan.feeds.length);
  });
});

describe('a witness on the chain', () => {
  test('that is far from the price flags the feed, and one that is not flags nothing; neither halts', async () => {
    await live.until(() => live.report('ETH/USD')?.reasons.includes('anchorApart'), 'ETH/USD apart from its anchor');
    expect(live.report('ETH/USD')).toMatchObject({ status: 'ok', permits: PERMITS });
    expect(live.report('BTC/USD')).toMatchObject({ status: 'ok', reasons: [] });
    const reads = await live.metric('assay_chain_reads_total');
    expect(reads).toMatchObject([{ labels: { chain: 'ethereum', outcome: 'read' } }]);
  });
});

describe('an operator who halts a feed', () => {
  test('is obeyed and audited, the halt becomes an alert at every sink, and both end with the resumption', async () => {
    const { network } = live.configuration.plan;
    const halt = await instruction(network, 'halt', 'EUR/USD', Date.now());
    expect(await live.post('/v1/operator', halt)).toEqual({ status: 202, body: { accepted: halt } });
    const halted = await live.untilStatus('EUR/USD', 'halted');
    expect(halted).toMatchObject({ reasons: ['operatorHalt'], permits: ['repay', 'topUp'], prices: undefined });

    const isOf = (state: string) => (alert: Record<string, unknown>) =>
      alert['id'] === 'feedHalted:EUR/USD' && alert['state'] === state;
    const fired = await live.until(() => posted.find(isOf('firing')), 'the alert, posted');
    expect((await live.get('/v1/alerts')).body).toMatchObject({ active: [fired] });
    expect(fired).toMatchObject({ severity: 'critical', evidence: { status: 'halted', reasons: ['operatorHalt'] } });

    expect(await live.post('/v1/operator', halt)).toMatchObject({ status: 409, body: { code: 'replayed' } });
    const resume = await instruction(network, 'resume', 'EUR/USD', Date.now());
    const forged = { ...resume, why: 'something else' };
    expect(await live.post('/v1/operator', forged)).toMatchObject({ status: 403, body: { code: 'badSignature' } });
    expect(await live.post('/v1/operator', resume)).toMatchObject({ status: 202 });
    await live.untilStatus('EUR/USD', 'grace');
    await live.untilStatus('EUR/USD', 'ok');
    await live.until(() => posted.find(isOf('resolved')), 'the end of the alert, posted');

    const { body: audited } = await live.get('/v1/operator');
    expect(audited).toMatchObject({ audit: [{ instruction: resume }, { instruction: halt }] });
    const { body: alerts } = await live.get('/v1/alerts');
    expect(alerts).toMatchObject({ active: [], resolved: [{ id: 'feedHalted:EUR/USD', state: 'resolved' }] });
  });
});

describe('a subscriber who sends nonsense', () => {
  test('is told so by code and disconnected by its size, while another hears on without a gap', async () => {
    const [rude, other] = await Promise.all([
      StreamClient.connect(live.streamUrl),
      StreamClient.connect(live.streamUrl),
    ]);
    const sequences: number[] = [];
    other.socket.on('message', (data: Buffer) => {
      const { sequence } = JSON.parse(data.toString()) as { sequence?: number };
      if (sequence !== undefined) sequences.push(sequence);
    });
    other.send({ op: 'subscribe', feeds: ['BTC/USD'] });
    rude.send('{"op":');
    expect(await rude.next('error')).toMatchObject({ code: 'malformed' });
    rude.send({ op: 'subscribe', feeds: ['DOGE/USD'] });
    expect(await rude.next('error')).toMatchObject({ code: 'unknownFeed' });
    rude.send(Buffer.alloc(10_000_000, ' ').toString());
    expect(await rude.close()).toMatchObject({ code: 1009 });
    const heard = sequences.length;
    while (sequences.length < heard + 3) await other.next('update');
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    other.socket.close();
  });
});
