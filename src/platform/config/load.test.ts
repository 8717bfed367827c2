import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from './load';

const DIALECTS = ['binance', 'coinbase', 'kraken', 'okx', 'bybit', 'bitstamp', 'deribit', 'generic'];

describe(loadConfiguration.name, () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'assay-config-'));
    cpSync('config', directory, { recursive: true });
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  function edit(file: string, from: string, to: string): void {
    const text = readFileSync(join(directory, file), 'utf8');
    expect(text).toContain(from);
    writeFileSync(join(directory, file), text.replace(from, to));
  }

  const hash = () => loadConfiguration(directory, DIALECTS).configHash;

  test('takes the example of a staked asset from the documents, beside the shipped feeds', () => {
    const wrapped = `{ id: WSTETH/USD, decimals: 4, nominalPrice: 2300, nominalVolatility: 0.75, minNative: 1, maxAgeMs: 30000, sources: { USD: [kraken], USDT: [okx, bybit, binance] } }`;
    edit('feeds.yaml', 'feeds:\n', `feeds:\n  - ${wrapped}\n`);
    const page = readFileSync('docs/configuration.md', 'utf8');
    const example = /```yaml\n(chains:\n(?:.*\n)*?)```/.exec(page)?.[1] ?? '';
    writeFileSync(join(directory, 'chains.yaml'), example);
    const { plan, chains } = loadConfiguration(directory, DIALECTS);
    expect(plan.redemptions).toMatchObject([{ id: 'rate:WSTETH/USD', feed: 0, nominalRate: 1.2, maxFall: 0 }]);
    expect(plan.feeds[plan.redemptions[0]!.underlying]?.id).toBe('ETH/USD');
    expect(chains.map(({ name, agree, sequencer }) => [name, agree, sequencer?.id])).toEqual([
      ['ethereum', 2, undefined],
      ['arbitrum', undefined, 'sequencer:arbitrum'],
    ]);
  });

  test.each([
    [
      'an endpoint',
      'venues.yaml',
      "'{BASE}{QUOTE}', weight: 35",
      "'{BASE}{QUOTE}', weight: 35, endpoint: 'ws://127.0.0.1:1'",
    ],
    ['the name of an RPC variable', 'chains.yaml', 'ASSAY_RPC_ETHEREUM', 'OTHER_RPC'],
    ['an alert', 'alerts.yaml', 'forMs: 30000', 'forMs: 60000'],
    ['a port', 'service.yaml', '8080', '9090'],
    ['a comment', 'feeds.yaml', '# Majors.', '# The majors.'],
  ])('leaves the hash as it is where %s changes, since nothing published does', (_what, file, from, to) => {
    const before = hash();
    edit(file, from, to);
    expect(hash()).toBe(before);
  });

  test('takes a row’s own word over the defaults', () => {
    edit('feeds.yaml', 'id: BTC/USD,', 'id: BTC/USD, graceMs: 1, maxAgeMs: 7000,');
    edit(
      'feeds.yaml',
      'USDT: [binance, okx, bybit] }, anchors',
      'USDT: [{ venue: binance, weight: 3, maxAgeMs: 500 }, okx, bybit] }, anchors',
    );
    const { plan } = loadConfiguration(directory, DIALECTS);
    const feed = plan.feeds.findIndex(({ id }) => id === 'BTC/USD');
    expect(plan.feeds[feed]?.policy).toMatchObject({ graceMs: 1, maxAgeMs: 7_000, warmUpMs: 60_000 });
    const sources = plan.sources.filter((source) => source.feed === feed && source.anchor === undefined);
    expect(sources.map(({ venue, weight, maxAgeMs }) => [venue, weight, maxAgeMs])).toEqual([
      ['coinbase', 20, 7_000],
      ['kraken', 10, 7_000],
      ['bitstamp', 5, 7_000],
      ['binance', 3, 500],
      ['okx', 15, 7_000],
      ['bybit', 15, 7_000],
    ]);
  });

  test('takes hours as instants of a week, and limits of guards over their defaults', () => {
    edit('feeds.yaml', 'id: EUR/USD,', "id: EUR/USD, marketHours: ['Sun 22:00 - Fri 21:00'], maxJumpBps: 300,");
    const { plan } = loadConfiguration(directory, DIALECTS);
    expect(plan.feeds.find(({ id }) => id === 'EUR/USD')?.policy).toMatchObject({
      marketHours: [{ opensAtMs: 22 * 3_600_000, closesAtMs: (5 * 24 + 21) * 3_600_000 }],
      maxJumpBps: 300,
      maxRateBps: 400,
    });
  });

  test('lets any number of venues speak one dialect', () => {
    edit(
      'venues.yaml',
      'venues:\n',
      "venues:\n  desk: { dialect: generic, upstream: desk, symbols: '{BASE}-{QUOTE}', weight: 5, endpoint: 'ws://127.0.0.1:1' }\n  other: { dialect: generic, upstream: other, symbols: '{BASE}-{QUOTE}', weight: 5 }\n",
    );
    edit('feeds.yaml', '{ USD: [coinbase, kraken, bitstamp] }', '{ USD: [coinbase, kraken, bitstamp, desk, other] }');
    const { venues } = loadConfiguration(directory, DIALECTS);
    expect(venues.filter(({ dialect }) => dialect === 'generic')).toEqual([
      { name: 'desk', dialect: 'generic', endpoint: 'ws://127.0.0.1:1', instruments: ['USDT-USD'] },
      { name: 'other', dialect: 'generic', endpoint: undefined, instruments: ['USDT-USD'] },
    ]);
  });

  test('divides nothing by itself: a multiplier goes to the plan as it was proved', () => {
    edit(
      'feeds.yaml',
      '  # Crosses.',
      '  - { id: PEPE/USD, decimals: 14, nominalPrice: 0.000003, nominalVolatility: 1.2, okUpstreams: 3, sources: { USD: [coinbase, kraken], USDT: [{ venue: bybit, instrument: 1000PEPEUSDT, multiplier: 1000 }] } }\n  # Crosses.',
    );
    const { plan } = loadConfiguration(directory, DIALECTS);
    expect(plan.sources.filter(({ multiplier }) => multiplier !== 1)).toMatchObject([
      { id: 'bybit:1000PEPEUSDT', multiplier: 1_000, instrument: '1000PEPEUSDT' },
    ]);
  });
});
