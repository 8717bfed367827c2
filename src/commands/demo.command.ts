import 'reflect-metadata';
import type { RunningService } from '../app/start-standalone';
import { startStandalone } from '../app/start-standalone';
import { dialectNames } from '../inbound/venues/registry';
import type { Market } from '../lab/market/market';
import { LEDGER, type Ledger } from '../outbound/ledger/ledger';
import { SIGNER, type Signer } from '../outbound/signing/signer';
import { systemClock, systemTimers } from '../platform/clock/system-clock';
import type { Configuration } from '../platform/config/configuration';
import { loadConfiguration } from '../platform/config/load';
import { environmentFor, marketOptions, pointedAt } from './demo/simulated';
import { Subscriber } from './demo/subscriber';
import { drawTable, summaryLine } from './demo/table';
import { warmUp } from './demo/warm-up';
import { LOOK_EVERY_MS, Watcher } from './demo/watcher';
import { parseDuration } from './duration';

export interface DemoOptions {
  readonly for?: string;
  readonly json?: boolean;
  readonly seed: string;
  readonly fault: readonly string[];
  readonly config: string;
  readonly data?: string;
  readonly record?: string;
  readonly port: string;
  readonly history: string;
}

const HOST = '127.0.0.1';
const DRAW_EVERY_MS = 500;
const SUMMARISE_EVERY_MS = 5_000;

/** `assay demo`: the whole service upon a simulated market, watched by a stranger who verifies what it receives. */
export async function run(options: DemoOptions): Promise<void> {
  process.env['ASSAY_LOG_LEVEL'] ??= 'error';
  const forMs = options.for === undefined ? undefined : parseDuration(options.for);
  const { startMarket } = await import('../lab/market/market');
  const { parseFault } = await import('../lab/market/faults');
  const faults = options.fault.map(parseFault);
  const configuration = loadConfiguration(options.config, dialectNames);
  const seed = Number(options.seed);
  const market = await startMarket(marketOptions(configuration, { seed, clock: systemClock, timers: systemTimers }));
  try {
    const service = await serveUpon(configuration, market, options);
    for (const fault of faults) market.fault(fault);
    await watch(configuration, market, service, { ...options, forMs });
  } finally {
    await market.stop();
  }
}

async function serveUpon(configuration: Configuration, market: Market, options: DemoOptions): Promise<RunningService> {
  const { network } = configuration.plan;
  const noPassword = (): Promise<string> => Promise.reject(new Error('the development key has no password'));
  return startStandalone(
    {
      configuration: pointedAt(configuration, market),
      signing: { network, keystoreFile: undefined, password: noPassword, development: true },
      dataDirectory: options.data,
      recordFile: options.record,
      state: warmUp(configuration, market, systemClock.now(), Number(options.history)),
      environment: environmentFor(configuration, market),
    },
    { host: HOST, port: Number(options.port) },
  );
}

async function watch(
  { plan }: Configuration,
  market: Market,
  service: RunningService,
  { forMs, json }: { readonly forMs: number | undefined; readonly json?: boolean },
): Promise<void> {
  const watcher = new Watcher(plan, market);
  const subscriber = new Subscriber(
    `${service.url.replace('http', 'ws')}/v1/stream`,
    service.app.get<Signer>(SIGNER).address,
  );
  const ended = new AbortController();
  const following = watcher.follow(service.app.get<Ledger>(LEDGER), ended.signal);
  const timers = [setInterval(() => watcher.look(), LOOK_EVERY_MS), show(plan, watcher, service.url)];

  await untilStopped(forMs);
  for (const timer of timers) clearInterval(timer);
  const venues = await venueCounts(service);
  await subscriber.close();
  await service.stop();
  ended.abort();
  await following;
  const result = {
    feeds: { total: plan.feeds.length, ok: watcher.okFeeds },
    firstSignedMs: subscriber.firstSignedMs,
    messages: { sampled: subscriber.sampled, verified: subscriber.verified },
    errorBps: { p50: watcher.errorBps(0.5), p99: watcher.errorBps(0.99) },
    venues,
  };
  process.stdout.write(json === true ? `${JSON.stringify(result)}\n` : `\n${JSON.stringify(result, undefined, 2)}\n`);
}

function show(plan: Configuration['plan'], watcher: Watcher, url: string): NodeJS.Timeout {
  const addresses = `${url}/v1/prices/latest?feeds=BTC/USD   ${url.replace('http', 'ws')}/v1/stream   ${url}/metrics   ${url}/openapi.json`;
  if (process.stdout.isTTY) {
    process.stdout.write('\u001b[2J');
    return setInterval(() => {
      process.stdout.write(
        drawTable(plan, watcher.feeds(), systemClock.now(), `DEVELOPMENT KEY, simulated market   ${addresses}`),
      );
    }, DRAW_EVERY_MS);
  }
  process.stdout.write(`DEVELOPMENT KEY, simulated market\n${addresses}\n`);
  return setInterval(() => {
    process.stdout.write(`${summaryLine(plan, watcher.feeds(), systemClock.now())}\n`);
  }, SUMMARISE_EVERY_MS);
}

/** Until the time is up, or someone says stop. */
function untilStopped(forMs: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = forMs === undefined ? undefined : setTimeout(resolve, forMs);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        clearTimeout(timer);
        resolve();
      });
    }
  });
}

async function venueCounts({ metrics }: RunningService): Promise<Record<string, Record<string, number>>> {
  const venues: Record<string, Record<string, number>> = {};
  for (const { labels, value } of (await metrics.frames.get()).values) {
    const venue = String(labels.venue);
    venues[venue] = { ...venues[venue], [String(labels.outcome)]: value };
  }
  return venues;
}
