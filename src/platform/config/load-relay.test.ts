import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planOf } from '../../../test/support/plans';
import { ConfigurationError, type FaultCode } from './fault';
import { loadRelay } from './load-relay';

const SOURCES = { sources: { binance: {}, kraken: {} } };
const PLAN = {
  ...planOf({ 'USDT/USD': SOURCES, 'BTC/USD': SOURCES, 'ETH/USD': SOURCES }),
  cuts: { minIntervalMs: 10, maxIntervalMs: 1_000, validForMs: 60_000 },
  groups: [{ name: 'majors', feeds: [1, 2, 0] }],
};
/** The example of the page is what is loaded here, so that it stays sound. */
const EXAMPLE = /```yaml\n([^]*?)```/.exec(readFileSync('docs/relayer.md', 'utf8'))?.[1] ?? '';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assay-relay-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function load(text: string, plan = PLAN) {
  writeFileSync(join(directory, 'relay.yaml'), text);
  return loadRelay(directory, plan);
}

function codesOf(load: () => unknown): FaultCode[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults.map(({ code }) => code);
    throw error;
  }
}

describe(loadRelay.name, () => {
  test('reads what docs/relayer.md shows', () => {
    const { from, chains } = load(EXAMPLE);
    expect(from).toBe('wss://assay.example/v1/stream');
    expect(chains).toEqual([
      {
        name: 'ethereum',
        chainId: 1,
        rpcUrlEnvs: ['ASSAY_RPC_ETHEREUM', 'ASSAY_RPC_ETHEREUM_2'],
        blockMs: 12_000,
        pollMs: 4_000,
        maxFeePerGas: 50_000_000_000n,
        maxGasPerDay: 20_000_000,
        replaceAfterMs: 36_000,
        stores: [
          {
            group: 'majors',
            feeds: ['BTC/USD', 'ETH/USD', 'USDT/USD'],
            address: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
            heartbeatMs: 3_600_000,
            deviationBps: [50, 50, 10],
            lateAfterMs: 120_000,
          },
        ],
      },
    ]);
  });

  test.each<[why: string, code: FaultCode, from: string, to: string]>([
    ['a stream that is no websocket', 'wrongForm', 'wss://', 'https://'],
    ['a key that nobody knows', 'unknownKey', 'pollMs:', 'pollSeconds: 1\n    pollMs:'],
    ['a chain without a node', 'outOfRange', '[ASSAY_RPC_ETHEREUM, ASSAY_RPC_ETHEREUM_2]', '[]'],
    ['a group that is not there', 'unknownGroup', 'group: majors', 'group: minors'],
    ['a limit for a feed of another group', 'unknownFeed', 'USDT/USD: 10', 'DOGE/USD: 10'],
    ['an address that is too short', 'wrongForm', '180aa3', '180aa'],
    ['blocks further apart than a message is valid', 'expiresUnmined', 'blockMs: 12000', 'blockMs: 60000'],
  ])('refuses %s', (_, code, from, to) => {
    expect(EXAMPLE).toContain(from);
    expect(codesOf(() => load(EXAMPLE.replace(from, to)))).toContain(code);
  });

  test('refuses one store twice on a chain', () => {
    const [row = ''] = /( {6}- group[^]*)/.exec(EXAMPLE) ?? [];
    expect(codesOf(() => load(EXAMPLE + row))).toEqual(['duplicateStore']);
  });

  test('says where the file is missing, and what shows one', () => {
    expect(() => loadRelay(directory, PLAN)).toThrow(/relay\.yaml.*docs\/relayer\.md/s);
  });
});
