import { plainRisk } from '../../../test/support/arbitrary-risk';
import type { StreamMessage } from '../../../test/support/fake-transport';
import { twoSourcesEach } from '../../../test/support/ledger-entries';
import { startOutbound } from '../../../test/support/outbound-app';
import { SteeredClock } from '../../../test/support/steered-clock';
import { verifyProof } from '../../oracle/reporting/snapshot-tree';
import { cutInstant } from '../../oracle/units/time';
import { loadKeccak } from '../../platform/keccak';
import { dependenceAnswer, groupAnswer, groupsAnswer, pricesAnswer, riskAnswer } from './answers';
import { RestModule } from './rest.module';

const PLAN = { ...twoSourcesEach('BTC/USD', 'ETH/USD'), groups: [{ name: 'majors', feeds: [1, 0] }] };
const CUT = 170_000_000_000;

describe(RestModule.name, () => {
  let house: Awaited<ReturnType<typeof startOutbound>>;
  let clock: SteeredClock;
  let signerFault: string | undefined;

  beforeEach(async () => {
    clock = new SteeredClock(cutInstant(CUT));
    signerFault = undefined;
    const facts = () => ({ running: true, signerFault, ledgerFault: undefined });
    house = await startOutbound(PLAN, RestModule.forRoot({ facts, clock }));
  });
  afterEach(() => house.app.close());

  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${house.port}${path}`);
    const body = (await answer.json()) as Record<string, unknown>;
    return { status: answer.status, type: answer.headers.get('content-type'), body };
  };
  const firstCut = () => house.ledger.append(house.builder.first(CUT));

  test('gives prices of one instant, each proved under one signed header', async () => {
    await firstCut();
    await house.ledger.append(house.builder.entry(CUT + 1, { prices: { 'ETH/USD': 2_000 } }));
    const { status, type, body } = await get('/v1/prices/latest?feeds=ETH/USD,BTC/USD&figures=true');
    expect([status, type]).toEqual([200, 'application/json; charset=utf-8']);
    const { header, reports = [] } = body as unknown as StreamMessage;
    expect(reports.map(({ feed, view }) => [feed, view.price])).toEqual([
      ['ETH/USD', '20.00'],
      ['BTC/USD', '100.00'],
    ]);
    const keccak = await loadKeccak();
    const bytes = (hex: string) => Buffer.from(hex.slice(2), 'hex');
    for (const { leaf, proof } of reports.flatMap(({ price, figures }) => [price, figures!])) {
      expect(verifyProof(bytes(leaf), proof.map(bytes), bytes(header.root), keccak)).toBe(true);
    }
    expect(() => pricesAnswer.parse(body)).not.toThrow();
  });

  test('gives all feeds where none is named, a halted one without a price', async () => {
    await firstCut();
    await house.ledger.append(house.builder.entry(CUT + 1, { prices: { 'ETH/USD': undefined } }));
    const { body } = await get('/v1/prices/latest');
    const { reports = [] } = body as unknown as StreamMessage;
    expect(reports.map(({ feed, view }) => [feed, view.status, 'price' in view])).toEqual([
      ['BTC/USD', 'ok', true],
      ['ETH/USD', 'halted', false],
    ]);
  });

  test('gives a group ready for a contract, proved under one signed header', async () => {
    await firstCut();
    const { body } = await get('/v1/groups/majors/message');
    const [group] = groupAnswer.parse(body).groups;
    const { header } = body as unknown as StreamMessage;
    const bytes = (hex: string) => Buffer.from(hex.slice(2), 'hex');
    const keccak = await loadKeccak();
    expect(verifyProof(bytes(group!.leaf), group!.proof.map(bytes), bytes(header.packedRoot), keccak)).toBe(true);
    expect(groupsAnswer.parse((await get('/v1/groups')).body)).toEqual([
      {
        name: 'majors',
        hash: group!.hash,
        feeds: ['ETH/USD', 'BTC/USD'].map((id) => ({ id, assetVersion: 1, decimals: 2 })),
      },
    ]);
  });

  test('gives risk and how feeds move together, proved under the same header as prices', async () => {
    await firstCut();
    await house.ledger.append(house.builder.entry(CUT + 1, { risk: plainRisk(CUT + 1) }));
    await house.ledger.append(house.builder.entry(CUT + 2, { prices: { 'ETH/USD': 2_000 } }));
    const { risk, header } = riskAnswer.parse((await get('/v1/risk?feed=BTC/USD')).body);
    const { dependence } = dependenceAnswer.parse((await get('/v1/risk/dependence')).body);
    const prices = pricesAnswer.parse((await get('/v1/prices/latest')).body);
    expect(prices.header).toEqual(header);
    const keccak = await loadKeccak();
    const bytes = (hex: string) => Buffer.from(hex.slice(2), 'hex');
    for (const { leaf, proof } of [...risk[0]!.leaves, ...dependence.leaves]) {
      expect(verifyProof(bytes(leaf), proof.map(bytes), bytes(header.riskRoot), keccak)).toBe(true);
    }
    expect(dependence.view).toMatchObject({ correlation: [[0.75]], stress: [[-0.5]] });
  });

  test.each(['/v1/risk?feed=BTC/USD', '/v1/risk/dependence'])('has no %s before there is a figure', async (path) => {
    await firstCut();
    expect(await get(path)).toMatchObject({ status: 503, body: { code: 'noRisk' } });
  });

  test('lists feeds with their status, known or not', async () => {
    const known = { asset: { symbol: 'BTC', version: 1 }, quote: 'USD', decimals: 2, sources: 2, upstreams: 2 };
    expect((await get('/v1/feeds')).body).toMatchObject([{ id: 'BTC/USD', ...known }, { id: 'ETH/USD' }]);
    await firstCut();
    expect((await get('/v1/feeds')).body).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
  });

  test('lists sources with their last verdicts', async () => {
    await firstCut();
    expect((await get('/v1/sources')).body).toMatchObject([
      { id: 'binance:BTC/USD', venue: 'binance', feed: 'BTC/USD', upstream: 'binance', verdict: 'used' },
      { id: 'kraken:BTC/USD', venue: 'kraken', verdict: 'silent' },
      { id: 'binance:ETH/USD' },
      { id: 'kraken:ETH/USD' },
    ]);
  });

  test('says why a price is what it is, and nothing where nothing was measured', async () => {
    await firstCut();
    expect((await get('/v1/verdicts?feed=BTC/USD')).body).toEqual({
      feed: 'BTC/USD',
      verdicts: [
        {
          source: 'binance:BTC/USD',
          verdict: 'used',
          stage: 'aggregation',
          weight: 1,
          measured: 100.125,
          depth: 12_500,
        },
        { source: 'kraken:BTC/USD', verdict: 'silent', stage: 'observation', weight: 0, limit: 5_000 },
      ],
    });
  });

  test('says what it costs to move a price, and nothing where nobody knows', async () => {
    await firstCut();
    const unknown = { feed: 'BTC/USD', quote: 'USD', upstreams: [] };
    expect((await get('/v1/liquidity?feed=BTC/USD')).body).toEqual(unknown);
    const { cut, ...entry } = house.builder.entry(CUT + 1);
    const upstreams = [
      { upstream: 0, weight: 0.6, depth: 12_500 },
      { upstream: 1, weight: 0.4, depth: undefined },
    ];
    const liquidity = [
      { feed: 0, cut: CUT + 1, costToMove: 44_750, upstreams },
      { feed: 1, cut: CUT + 1, costToMove: undefined, upstreams: [] },
    ];
    await house.ledger.append({ ...entry, cut: { ...cut, liquidity } });
    expect((await get('/v1/liquidity?feed=BTC/USD')).body).toEqual({
      feed: 'BTC/USD',
      quote: 'USD',
      cut: `${CUT + 1}`,
      costToMove: 44_750,
      upstreams: [
        { upstream: 'binance', weight: 0.6, depth: 12_500 },
        { upstream: 'kraken', weight: 0.4 },
      ],
    });
    const feeds = (await get('/v1/feeds')).body as unknown as { costToMove?: number }[];
    expect(feeds.map(({ costToMove }) => costToMove)).toEqual([44_750, undefined]);
  });

  test.each([
    ['/v1/prices/latest?feeds=BTC/USD,DOGE/USD', 404, 'unknownFeed', 'DOGE/USD'],
    ['/v1/prices/latest?feeds=', 400, 'malformed', 'feeds'],
    ['/v1/prices/latest?feed=BTC/USD', 400, 'malformed', 'feed'],
    ['/v1/prices/latest', 503, 'noSnapshot', 'signed'],
    ['/v1/groups/majors/message', 503, 'noSnapshot', 'signed'],
    ['/v1/risk?feed=BTC/USD', 503, 'noSnapshot', 'signed'],
    ['/v1/risk?feed=DOGE/USD', 404, 'unknownFeed', 'DOGE'],
    ['/v1/risk/dependence', 503, 'noSnapshot', 'signed'],
    ['/v1/groups/minors/message', 404, 'unknownGroup', 'minors'],
    ['/v1/verdicts', 400, 'malformed', 'feed'],
    ['/v1/verdicts?feed=BTC/USD&feed=ETH/USD', 400, 'malformed', 'feed'],
    ['/v1/nothing', 404, 'notFound', '/v1/nothing'],
  ])('answers %s with problem %d %s', async (path, status, code, detail) => {
    const answer = await get(path);
    expect(answer.type).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ status, code, detail: expect.stringContaining(detail) });
    expect(answer.status).toBe(status);
  });

  test('serves no snapshot that has expired', async () => {
    await firstCut();
    clock.jump(PLAN.cuts.validForMs + 1);
    expect(await get('/v1/prices/latest')).toMatchObject({ status: 503, body: { code: 'snapshotExpired' } });
  });

  test('is ready once a snapshot can be served, and says what is missing until then', async () => {
    const failing = (body: Record<string, unknown>) =>
      (body.checks as { name: string; ok: boolean }[]).filter(({ ok }) => !ok).map(({ name }) => name);
    const before = await get('/readyz');
    expect([before.status, failing(before.body)]).toEqual([503, ['feeds', 'snapshot']]);
    await firstCut();
    expect((await get('/readyz')).status).toBe(200);
    signerFault = 'the key is gone';
    const after = await get('/readyz');
    expect([after.status, failing(after.body)]).toEqual([503, ['signer']]);
  });

  test('lives while its loop turns', async () => {
    expect(await get('/livez')).toMatchObject({ status: 200, body: { ok: true } });
  });

  test('describes itself as OpenAPI', async () => {
    const { body } = await get('/openapi.json');
    expect(Object.keys(body.paths as object)).toEqual([
      '/v1/feeds',
      '/v1/sources',
      '/v1/verdicts',
      '/v1/liquidity',
      '/v1/prices/latest',
      '/v1/risk',
      '/v1/risk/dependence',
      '/v1/groups',
      '/v1/groups/{name}/message',
      '/livez',
      '/readyz',
    ]);
    expect(JSON.stringify(body)).toContain('the stage that decided');
  });
});
