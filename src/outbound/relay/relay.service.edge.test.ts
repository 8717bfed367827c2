import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAKE_GAS, FakeChain } from '../../../test/support/fake-chain';
import { twoSourcesEach } from '../../../test/support/ledger-entries';
import { PUBLICATION_OF_TESTS, startOutbound } from '../../../test/support/outbound-app';
import { SteeredClock } from '../../../test/support/steered-clock';
import { createMetrics } from '../../platform/metrics/metrics';
import type { AlertChange } from '../alerts/alert';
import { StreamModule } from '../stream/stream.module';
import { RelayService } from './relay.service';

const STORE = '0x00000000000000000000000000000000000000a1';
const HASH = `0x${'ab'.repeat(32)}` as const;
const FEEDS = ['BTC/USD', 'ETH/USD', 'SOL/USD', 'XRP/USD'];
const PLAN = { ...twoSourcesEach(...FEEDS), groups: [{ name: 'majors', feeds: [0, 1, 2, 3] }] };
const CUT = 170_000_000_000;
const POLL_MS = 1_000;

let directory: string;
let house: Awaited<ReturnType<typeof startOutbound>>;
let chain: FakeChain;
let clock: SteeredClock;
let alerts: AlertChange[];
let logged: string[];
let service: RelayService;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'assay-relay-'));
  house = await startOutbound(PLAN, StreamModule.forRoot({}));
  chain = new FakeChain(STORE, HASH);
  clock = new SteeredClock(CUT * 10);
  alerts = [];
  logged = [];
});
afterEach(async () => {
  await service.beforeApplicationShutdown();
  await house.app.close();
  rmSync(directory, { recursive: true });
});

interface Differently {
  readonly chainId?: number;
  readonly hash?: `0x${string}`;
}

function open({ chainId = 31_337, hash = HASH }: Differently = {}): RelayService {
  const stores = [
    {
      group: 'majors',
      feeds: FEEDS,
      address: STORE,
      heartbeatMs: 60_000,
      deviationBps: FEEDS.map(() => 50),
      lateAfterMs: 0,
    },
  ] as const;
  const limits = { blockMs: 12_000, pollMs: POLL_MS, maxFeePerGas: 1_000n, replaceAfterMs: 36_000 };
  const settings = { name: 'test', chainId, rpcUrlEnvs: [], maxGasPerDay: 10 * FAKE_GAS, stores, ...limits };
  const said = (_: object, text?: string) => void logged.push(text ?? '');
  service = new RelayService({
    relay: { from: `ws://127.0.0.1:${house.port}/v1/stream`, chains: [settings] },
    groupHashes: new Map([['majors', hash]]),
    chains: new Map([['test', chain]]),
    dataDirectory: directory,
    clock,
    timers: clock,
    metrics: createMetrics(),
    alertSinks: [
      { name: 'test', deliver: (change) => Promise.resolve(void alerts.push(change)), close: () => undefined },
    ],
    log: { info: said, warn: said, error: said, fatal: (text: unknown) => void logged.push(String(text)) } as never,
  });
  return service;
}

/** What does not come within this many turns of the event loop does not come. */
const MANY_TURNS = 200_000;

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn += 1) {
    if (turn > MANY_TURNS) throw new Error(`waited in vain for ${String(holds)}; said: ${logged.join(' | ')}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const publish = (cut: number, prices: Record<string, number | undefined>) =>
  house.ledger.append(house.builder.entry(cut, { prices }));

describe(RelayService.name, () => {
  test('pushes what the stream says as soon as it has to be told, and keeps count of the gas', async () => {
    await open().onApplicationBootstrap();
    await house.ledger.append(house.builder.first(CUT));
    await until(() => chain.taken.length === 1);
    expect(logged).toContain('pushing majors to test');
    await clock.advance(POLL_MS);
    await until(() => logged.includes('majors is on test'));
    await publish(CUT + 1, { 'ETH/USD': 10_001 });
    await publish(CUT + 2, { 'ETH/USD': undefined });
    await until(() => chain.taken.length === 2);
    await service.beforeApplicationShutdown();
    const kept = JSON.parse(readFileSync(join(directory, 'relay-gas.json'), 'utf8')) as { test: { gas: number } };
    expect(kept.test.gas).toBe(FAKE_GAS);
  });

  test('goes on counting the gas of the day where a former process left off', async () => {
    const day = Math.floor(clock.now() / 86_400_000);
    writeFileSync(join(directory, 'relay-gas.json'), JSON.stringify({ test: { day, gas: 10 * FAKE_GAS } }));
    await open().onApplicationBootstrap();
    await house.ledger.append(house.builder.first(CUT));
    await until(() => logged.includes('test/majors waits: gasOfDayUsed'));
    expect(chain.taken).toEqual([]);
  });

  test('alerts of a store that is told too late, and when it is told', async () => {
    await open().onApplicationBootstrap();
    chain.baseFeePerGas = 10_000n;
    await house.ledger.append(house.builder.first(CUT));
    await until(() => alerts.length === 1);
    expect(alerts[0]).toMatchObject({ id: 'relayLate:test/majors', state: 'firing' });
    expect(alerts[0]?.summary).toContain('feeAboveCap');
    chain.baseFeePerGas = 10n;
    for (const _ of ['sent', 'stored']) await clock.advance(POLL_MS);
    await until(() => alerts.length === 2);
    expect(alerts[1]).toMatchObject({ id: 'relayLate:test/majors', state: 'resolved' });
  });

  test('pushes nothing with the key of a price signer', async () => {
    chain = new FakeChain(STORE, HASH, PUBLICATION_OF_TESTS.signers[0] as `0x${string}`);
    await open().onApplicationBootstrap();
    await until(() => logged.some((text) => text.includes('has the key of a price signer')));
    await house.ledger.append(house.builder.first(CUT));
    await publish(CUT + 1, { 'ETH/USD': 20_000 });
    await clock.advance(3 * POLL_MS);
    expect(chain.taken).toEqual([]);
  });

  test.each([
    ['nodes of another chain', { chainId: 1 }, /of chain 31337, and relay\.yaml says 1/],
    ['a store of other feeds', { hash: `0x${'cd'.repeat(32)}` } as const, /holds other feeds than the group majors/],
  ])('does not start with %s', async (_, differently, fault) => {
    await expect(open(differently).onApplicationBootstrap()).rejects.toThrow(fault);
  });
});
