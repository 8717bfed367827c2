import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ConfigurationError, describeFault, type Fault, type FaultCode } from './fault';
import { loadConfiguration } from './load';

const DIALECTS = ['binance', 'coinbase', 'kraken', 'okx', 'bybit', 'bitstamp', 'deribit', 'generic'];

/** A small configuration without a fault; each case below breaks it in one place. */
const SOUND = {
  'feeds.yaml': `
network: test-net
cuts: { minIntervalMs: 10, maxIntervalMs: 1000, validForMs: 5000 }
defaults: { minUpstreams: 1, okUpstreams: 2, minNative: 1, medianToleranceBps: 5, maxNativeGapBps: 50, maxSpreadBps: 200, wideBandBps: 100, maxAgeMs: 10000, disagreementHaltMs: 2000, graceMs: 10000, warmUpMs: 60000 }
feeds:
  - { id: USDT/USD, decimals: 8, nominalPrice: 1, nominalVolatility: 0.02, sources: { USD: [coinbase, kraken] } }
  - { id: BTC/USD, decimals: 4, nominalPrice: 65000, nominalVolatility: 0.55, impliedVolatility: { venue: deribit, maxAgeMs: 60000 }, sources: { USD: [coinbase, kraken], USDT: [binance] } }
  - { id: PEPE/USD, decimals: 14, nominalPrice: 0.00001, nominalVolatility: 1.2, sources: { USD: [kraken], USDT: [binance, { venue: bybit, instrument: 1000PEPEUSDT, multiplier: 1000 }] } }
groups: { majors: [BTC/USD, USDT/USD], all: [USDT/USD, BTC/USD] }
`,
  'venues.yaml': `
defaults: { maxFutureMs: 1000 }
venues:
  binance: { dialect: binance, upstream: binance, symbols: '{BASE}{QUOTE}', weight: 35 }
  coinbase: { dialect: coinbase, upstream: coinbase, symbols: '{BASE}-{QUOTE}', weight: 20 }
  exchange: { dialect: generic, upstream: coinbase, symbols: '{BASE}-{QUOTE}', weight: 20, endpoint: 'ws://127.0.0.1:9' }
  kraken: { dialect: kraken, upstream: kraken, symbols: '{BASE}/{QUOTE}', weight: 10 }
  bybit: { dialect: bybit, upstream: bybit, symbols: '{BASE}{QUOTE}', weight: 15 }
  deribit: { dialect: deribit, upstream: deribit, symbols: '{base}_{quote}', weight: 1, publishes: volatility }
`,
  'chains.yaml': `
chains:
  ethereum:
    chainId: 1
    rpcUrlEnv: RPC
    pollMs: 12000
    readers:
      - { kind: chainlink, feed: BTC/USD, address: '0xF4030086522a5bEEa4988F8cA5B36dbC97BeE88c', decimals: 8, heartbeatMs: 3600000, thresholdBps: 50, maxAgeMs: 3900000, maxDeviationBps: 100 }
      - { kind: chainlink, as: source, feed: USDT/USD, address: '0x3E7d1eAB13ad0104d2750B8863b489D65364e32D', decimals: 8, heartbeatMs: 86400000, thresholdBps: 25, maxAgeMs: 60000, weight: 5 }
      - { kind: uniswap-v3, feed: BTC/USD, address: '0x9Db9e0e53058C89e5B94e29621a205198648425B', baseToken: '0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599', quoteToken: '0xdAC17F958D2ee523a2206206994597C13D831ec7', quote: USDT, windowMs: 1800000, maxAgeMs: 60000, maxDeviationBps: 200 }
  arbitrum:
    chainId: 42161
    rpcUrlEnv: RPC_ARBITRUM
    agree: 2
    pollMs: 1000
    sequencer: { address: '0xFdB631F5EE196F0ed6FAa767959853A9F217697D', graceMs: 3600000, maxBlockAgeMs: 60000 }
    readers:
      - { kind: rate, feed: BTC/USD, underlying: USDT/USD, address: '0x7f39C581F595B53c5cb19bD0b3f8dA6c935E2Ca0', selector: '0x035faf82', decimals: 18, nominalRate: 65000, maxGrowthPerYear: 0.2, maxFall: 0, maxAgeMs: 3600000, maxPegGapBps: 100 }
`,
  'alerts.yaml': `
rules:
  sourceDown: { severity: warning, forMs: 30000 }
  mediansDisagree: { severity: critical, forMs: 1000 }
  feedHalted: { severity: critical, forMs: 0 }
  cheapToMove: { severity: warning, forMs: 0, floors: { BTC/USD: 1000000 } }
sinks: { log: true }
`,
  'service.yaml': `
http: { host: 127.0.0.1, port: 8080 }
ledger: { retainMs: 86400000 }
signer: { epoch: 1 }
operators: ['0x70997970C51812dc3A010C7d01b50e0d17dc79C8']
`,
};
const ETH_BTC = `  - { id: ETH/BTC, decimals: 8, nominalPrice: 0.03, nominalVolatility: 0.5, sources: { BTC: [coinbase, kraken] } }
groups:`;
type FileName = keyof typeof SOUND;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assay-config-'));
  for (const [name, text] of Object.entries(SOUND)) writeFileSync(join(directory, name), text);
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function breakIt(file: FileName, from: string, to: string): void {
  const text = readFileSync(join(directory, file), 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no ${JSON.stringify(from)}: this case breaks nothing`);
  writeFileSync(join(directory, file), text.replace(from, to));
}

function faultsOf(): readonly Fault[] {
  try {
    loadConfiguration(directory, DIALECTS);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
}

describe('a configuration', () => {
  test('without a fault is loaded', () => {
    expect(faultsOf().map(describeFault)).toEqual([]);
  });

  // A line counts from 1, and the texts above begin with an empty one.
  test.each<[why: string, code: FaultCode, line: number, file: FileName, from: string, to: string]>([
    ['YAML that cannot be parsed', 'syntax', 5, 'alerts.yaml', 'critical, forMs: 1000 }', 'critical, forMs: 1000'],
    ['an alias of nothing', 'syntax', 1, 'service.yaml', 'epoch: 1', 'epoch: *one'],
    ['a key that stands twice', 'duplicateKey', 8, 'venues.yaml', '  bybit:', '  kraken:'],
    ['a key that nobody knows', 'unknownKey', 7, 'feeds.yaml', 'decimals: 4', 'decimals: 4, decimal: 4'],
    ['a file with a section that nobody knows', 'unknownKey', 2, 'service.yaml', 'http:', 'https: 1\nhttp:'],
    ['a section named like a part of any object', 'unknownKey', 2, 'service.yaml', 'http:', 'constructor: 1\nhttp:'],
    [
      'a misspelt rule',
      'unknownKey',
      7,
      'alerts.yaml',
      'sinks',
      '  feedStopped: { severity: warning, forMs: 0 }\nsinks',
    ],
    ['a key that is missing', 'missingKey', 7, 'feeds.yaml', 'decimals: 4, ', ''],
    ['a section that is missing', 'missingKey', 1, 'service.yaml', 'signer: { epoch: 1 }\n', ''],
    ['a number in quotes', 'wrongType', 7, 'feeds.yaml', 'nominalPrice: 65000', "nominalPrice: '65000'"],
    ['a number with underscores, which YAML reads as text', 'wrongType', 3, 'feeds.yaml', '5000 }', '5_000 }'],
    ['more decimals than a float can carry', 'outOfRange', 7, 'feeds.yaml', 'decimals: 4', 'decimals: 16'],
    ['cuts more often than they have numbers', 'outOfRange', 3, 'feeds.yaml', 'minIntervalMs: 10', 'minIntervalMs: 9'],
    ['a cut owed before one is allowed', 'cutsCross', 3, 'feeds.yaml', 'minIntervalMs: 10', 'minIntervalMs: 2000'],
    ['snapshots that run out between cuts', 'cutsCross', 3, 'feeds.yaml', 'validForMs: 5000', 'validForMs: 1000'],
    ['a venue without weight', 'outOfRange', 4, 'venues.yaml', 'weight: 35', 'weight: 0'],
    [
      'a source with negative weight',
      'outOfRange',
      8,
      'feeds.yaml',
      'multiplier: 1000',
      'multiplier: 1000, weight: -1',
    ],
    [
      'a feed id that does not fit 32 bytes',
      'outOfRange',
      8,
      'feeds.yaml',
      'PEPE/USD',
      'BTCBTCBTCBTCBTC/USDUSDUSDUSDUSDU',
    ],
    ['a feed id that is not ASCII', 'wrongForm', 8, 'feeds.yaml', 'PEPE/USD', '₿/USD'],
    ['an asset counted by the thousand', 'wrongForm', 8, 'feeds.yaml', 'id: PEPE/USD', 'id: 1000PEPE/USD'],
    ['a currency against itself', 'wrongForm', 8, 'feeds.yaml', 'id: PEPE/USD', 'id: USD/USD'],
    ['symbols that mix their cases', 'wrongForm', 4, 'venues.yaml', '{BASE}{QUOTE}', '{BASE}{quote}'],
    ['an endpoint that is no websocket', 'wrongForm', 6, 'venues.yaml', 'ws://', 'http://'],
    ['an address that is too short', 'wrongForm', 5, 'service.yaml', '79C8', '79C'],
    ['a key in place of its variable’s name', 'wrongForm', 5, 'chains.yaml', 'RPC', 'https://rpc.example/key'],
    ['a dialect that is not there', 'unknownDialect', 7, 'venues.yaml', 'dialect: kraken', 'dialect: krakenv1'],
    ['a venue that is not there', 'unknownVenue', 7, 'feeds.yaml', 'USDT: [binance] }', 'USDT: [binanec] }'],
    ['an index of a venue that is not there', 'unknownVenue', 7, 'feeds.yaml', 'venue: deribit', 'venue: derbit'],
    ['an index of a venue that has prices', 'wrongVenue', 7, 'feeds.yaml', 'venue: deribit', 'venue: kraken'],
    ['an index among sources', 'wrongVenue', 7, 'feeds.yaml', 'USDT: [binance] }', 'USDT: [binance, deribit] }'],
    ['an index that is never fresh', 'outOfRange', 7, 'feeds.yaml', 'maxAgeMs: 60000 }, s', 'maxAgeMs: 0 }, s'],
    ['a venue that publishes what nobody knows', 'wrongForm', 9, 'venues.yaml', 'publishes: vol', 'publishes: fol'],
    ['a floor of a feed that is not there', 'unknownFeed', 6, 'alerts.yaml', 'BTC/USD: 1000000', 'XBT/USD: 1000000'],
    ['a floor of nothing', 'outOfRange', 6, 'alerts.yaml', 'BTC/USD: 1000000', 'BTC/USD: 0'],
    ['a group of a feed that is not there', 'unknownFeed', 9, 'feeds.yaml', 'majors: [BTC/USD', 'majors: [XBT/USD'],
    ['a group that lists a feed twice', 'duplicateFeed', 9, 'feeds.yaml', '[BTC/USD, USDT/USD]', '[BTC/USD, BTC/USD]'],
    ['a group of nothing', 'outOfRange', 9, 'feeds.yaml', '[BTC/USD, USDT/USD]', '[]'],
    [
      'a group that does not fit twenty words',
      'outOfRange',
      9,
      'feeds.yaml',
      '[BTC/USD, USDT/USD]',
      `[${Array.from({ length: 61 }, (_, i) => `F${i}/USD`).join(', ')}]`,
    ],
    ['a group whose name is no name', 'wrongForm', 9, 'feeds.yaml', 'majors:', 'Majors:'],
    ['an anchor of a feed that is not there', 'unknownFeed', 8, 'chains.yaml', 'BTC/USD', 'XBT/USD'],
    ['a reader of a kind that is none', 'wrongForm', 8, 'chains.yaml', 'kind: chainlink', 'kind: oracle'],
    ['an anchor without a limit', 'missingKey', 8, 'chains.yaml', ', maxDeviationBps: 100', ''],
    ['a source without a weight', 'missingKey', 9, 'chains.yaml', ', weight: 5', ''],
    [
      'a source with the limit of an anchor',
      'unknownKey',
      9,
      'chains.yaml',
      'weight: 5',
      'weight: 5, maxDeviationBps: 9',
    ],
    ['a pool in a currency that nothing converts', 'missingLeg', 10, 'chains.yaml', 'quote: USDT', 'quote: USDC'],
    [
      'a pool seen for less than half an hour',
      'outOfRange',
      10,
      'chains.yaml',
      'windowMs: 1800000',
      'windowMs: 1799999',
    ],
    [
      'a rate of a feed that is not there',
      'unknownFeed',
      18,
      'chains.yaml',
      'feed: BTC/USD, under',
      'feed: XBT/USD, under',
    ],
    ['a rate in a feed that is not there', 'unknownFeed', 18, 'chains.yaml', 'underlying: USDT', 'underlying: DOGE'],
    ['a rate under the wrong feed', 'rateMismatch', 18, 'chains.yaml', 'feed: BTC/USD, under', 'feed: PEPE/USD, under'],
    ['a rate whose factor was forgotten', 'rateMismatch', 18, 'chains.yaml', 'nominalRate: 65000', 'nominalRate: 1'],
    ['a feed redeemed for itself', 'legCycle', 18, 'chains.yaml', 'underlying: USDT', 'underlying: BTC'],
    [
      'a leg redeemed for what hangs on it',
      'legCycle',
      18,
      'chains.yaml',
      'feed: BTC/USD, underlying: USDT/USD',
      'feed: USDT/USD, underlying: BTC/USD',
    ],
    ['a selector that is a signature', 'wrongForm', 18, 'chains.yaml', "'0x035faf82'", 'stEthPerToken()'],
    ['a rate that may fall by more than itself', 'outOfRange', 18, 'chains.yaml', 'maxFall: 0', 'maxFall: 1.5'],
    ['a feed twice', 'duplicateFeed', 8, 'feeds.yaml', 'id: PEPE/USD', 'id: USDT/USD'],
    [
      'a source twice in one feed',
      'duplicateSource',
      6,
      'feeds.yaml',
      '[coinbase, kraken] } }',
      '[coinbase, kraken, kraken] } }',
    ],
    [
      'two venues of one upstream in a feed',
      'upstreamCountedTwice',
      6,
      'feeds.yaml',
      '[coinbase, kraken]',
      '[coinbase, kraken, exchange]',
    ],
    [
      'fewer anchors than a feed asks for',
      'quorumOutOfReach',
      7,
      'feeds.yaml',
      'id: BTC/USD',
      'id: BTC/USD, minAnchors: 9, anchors: { USDT: [bybit] }',
    ],
    [
      'hours that are no time',
      'wrongForm',
      7,
      'feeds.yaml',
      'id: BTC/USD',
      "id: BTC/USD, marketHours: ['Sun 22:00 - Sun 22:00']",
    ],
    [
      'two anchors of one upstream in a feed',
      'upstreamCountedTwice',
      8,
      'feeds.yaml',
      'multiplier: 1000 }] } }',
      'multiplier: 1000 }] }, anchors: { USD: [exchange, coinbase] } }',
    ],
    [
      'a source that is its own anchor',
      'duplicateSource',
      7,
      'feeds.yaml',
      'USDT: [binance] } }',
      'USDT: [binance] }, anchors: { USDT: [binance] } }',
    ],
    [
      'an anchor with a weight, as if it voted',
      'unknownKey',
      7,
      'feeds.yaml',
      'USDT: [binance] } }',
      'USDT: [binance] }, anchors: { USDT: [{ venue: bybit, weight: 3 }] } }',
    ],
    [
      'an anchor in a currency that nothing converts',
      'missingLeg',
      7,
      'feeds.yaml',
      'USDT: [binance] } }',
      'USDT: [binance] }, anchors: { USDC: [bybit] } }',
    ],
    [
      'another feed’s instrument',
      'wrongInstrument',
      7,
      'feeds.yaml',
      'USDT: [binance] } }',
      'USDT: [{ venue: binance, instrument: ETHUSDT }] } }',
    ],
    [
      'an instrument in another currency',
      'wrongInstrument',
      7,
      'feeds.yaml',
      'USDT: [binance] } }',
      'USDT: [{ venue: binance, instrument: BTCUSDC }] } }',
    ],
    [
      'an instrument in another venue’s spelling',
      'wrongInstrument',
      7,
      'feeds.yaml',
      'USDT: [binance] } }',
      'USDT: [{ venue: binance, instrument: BTC-USDT }] } }',
    ],
    ['a thousand taken for one', 'wrongMultiplier', 8, 'feeds.yaml', ', multiplier: 1000', ''],
    ['a thousand taken for a million', 'wrongMultiplier', 8, 'feeds.yaml', 'multiplier: 1000', 'multiplier: 1000000'],
    ['one taken for a thousand', 'wrongMultiplier', 8, 'feeds.yaml', 'instrument: 1000PEPEUSDT, ', ''],
    [
      'sources in a currency that nothing converts',
      'missingLeg',
      7,
      'feeds.yaml',
      'USDT: [binance] } }',
      'USDC: [binance] } }',
    ],
    [
      'a leg that needs what needs it',
      'legCycle',
      7,
      'feeds.yaml',
      '[coinbase, kraken] } }',
      '[coinbase, kraken], BTC: [bybit] } }',
    ],
    [
      'fewer upstreams than make a feed ok',
      'quorumOutOfReach',
      7,
      'feeds.yaml',
      'id: BTC/USD',
      'id: BTC/USD, okUpstreams: 4',
    ],
    ['a halt above ok', 'quorumsCross', 7, 'feeds.yaml', 'id: BTC/USD', 'id: BTC/USD, minUpstreams: 3'],
    [
      'a past above all',
      'weightsExceedOne',
      7,
      'feeds.yaml',
      'id: BTC/USD',
      'id: BTC/USD, haircut: { stressWeight: 0.5 }',
    ],
    [
      'fewer native sources than are wanted',
      'nativeOutOfReach',
      8,
      'feeds.yaml',
      'id: PEPE/USD',
      'id: PEPE/USD, minNative: 2',
    ],
    ['a price beyond 2^53', 'decimalsOverflow', 7, 'feeds.yaml', 'decimals: 4', 'decimals: 11'],
    ['a price that rounds to nothing', 'tooFewDigits', 8, 'feeds.yaml', 'decimals: 14', 'decimals: 8'],
    [
      'an anchor younger than its heartbeat',
      'anchorTooStrict',
      8,
      'chains.yaml',
      'maxAgeMs: 3900000',
      'maxAgeMs: 3600000',
    ],
    [
      'an anchor tighter than its threshold',
      'anchorTooStrict',
      8,
      'chains.yaml',
      'maxDeviationBps: 100',
      'maxDeviationBps: 50',
    ],
  ])('with %s is refused: %s', (_why, code, line, file, from, to) => {
    breakIt(file, from, to);
    expect(faultsOf().map((fault) => ({ code: fault.code, at: `${fault.file}:${fault.line}` }))).toEqual([
      { code, at: `${file}:${line}` },
    ]);
  });

  test('with two rates of one feed is refused: which of them would count?', () => {
    const row = SOUND['chains.yaml'].split('\n').find((line) => line.includes('kind: rate')) ?? '';
    const vault = row
      .replace('kind: rate', 'kind: erc4626')
      .replace("selector: '0x035faf82', decimals: 18", "asset: '0xdAC17F958D2ee523a2206206994597C13D831ec7'")
      .replace('0x7f39', '0x7f40');
    breakIt('chains.yaml', row, `${row}\n${vault}`);
    expect(faultsOf().map(describeFault)).toEqual([
      expect.stringContaining('a redemption of BTC/USD stands here twice'),
    ]);
  });

  test('with a rate in another currency than its feed is refused', () => {
    breakIt('chains.yaml', 'feed: BTC/USD, underlying: USDT/USD', 'feed: BTC/USD, underlying: ETH/BTC');
    breakIt('feeds.yaml', 'groups:', ETH_BTC);
    expect(faultsOf().map(({ code }) => code)).toEqual(['rateMismatch']);
  });

  test('with one address under two feeds is refused: somebody swapped or copied a row', () => {
    const row = SOUND['chains.yaml'].split('\n').find((line) => line.includes('kind:')) ?? '';
    breakIt('chains.yaml', row, `${row}\n${row.replace('BTC/USD', 'PEPE/USD')}`);
    expect(faultsOf().map(({ code, line }) => [code, line])).toEqual([['duplicateAnchor', 9]]);
  });

  test('with the same source under two feeds is refused', () => {
    breakIt(
      'feeds.yaml',
      '- { id: PEPE/USD',
      '- { id: BTC/USDT, decimals: 4, nominalPrice: 65000, nominalVolatility: 0.5, okUpstreams: 1, sources: { USDT: [binance] } }\n  - { id: PEPE/USD',
    );
    expect(faultsOf().map(describeFault)).toEqual([
      'feeds.yaml:8 feeds[2].sources.USDT[0]: binance:BTCUSDT already is a source of BTC/USD; keep it in one place [duplicateSource]',
    ]);
  });

  test('that says a key twice is told which', () => {
    breakIt('venues.yaml', '  bybit:', '  kraken:');
    expect(faultsOf().map(({ what }) => what)).toEqual(['kraken stands here twice']);
  });

  test('that lacks a file says which, and where it looked', () => {
    rmSync(join(directory, 'venues.yaml'));
    expect(faultsOf().map(({ code, file, what }) => [code, file, what.includes(directory)])).toEqual([
      ['unreadable', 'venues.yaml', true],
    ]);
  });

  test('is told of all its faults at once, in the order of files and lines', () => {
    breakIt('service.yaml', 'port: 8080', 'port: 80800');
    breakIt('feeds.yaml', 'multiplier: 1000', 'multiplier: 100');
    breakIt('feeds.yaml', 'decimals: 4, nominalPrice', 'decimals: 4, nominalPrise');
    breakIt('venues.yaml', 'dialect: binance', 'dialect: binanec');
    expect(faultsOf().map(({ code, file, line }) => `${code} ${file}:${line}`)).toEqual([
      'missingKey feeds.yaml:7',
      'unknownKey feeds.yaml:7',
      'wrongMultiplier feeds.yaml:8',
      'unknownDialect venues.yaml:4',
      'outOfRange service.yaml:2',
    ]);
  });

  test('says the thing, the value, the limit and the way out', () => {
    breakIt('feeds.yaml', 'multiplier: 1000', 'multiplier: 100');
    expect(() => loadConfiguration(directory, DIALECTS)).toThrow(
      'the configuration has a fault and was refused\n' +
        '  feeds.yaml:8 feeds[2].sources.USDT[1]: a unit of 1000PEPEUSDT is 1000 PEPE by its name (value 100, limit 1000); write 1000 [wrongMultiplier]',
    );
  });

  test('is loaded or refused by faults, whatever a careless hand leaves of it', () => {
    const names = Object.keys(SOUND) as FileName[];
    const slips = fc.array(
      fc.record({
        at: fc.nat(400),
        length: fc.nat(12),
        text: fc.constantFrom('', '-', '{', ': 1', 'null', '[]', '*a', '&a '),
      }),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...names), slips, (name, edits) => {
        const text = edits.reduce(
          (all, { at, length, text }) => all.slice(0, at) + text + all.slice(at + length),
          SOUND[name],
        );
        writeFileSync(join(directory, name), text);
        const faults = faultsOf();
        writeFileSync(join(directory, name), SOUND[name]);
        expect(faults.filter(({ line, what, wayOut }) => line < 1 || what === '' || wayOut === '')).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
