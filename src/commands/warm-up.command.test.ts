import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dialectNames } from '../inbound/venues/registry';
import { Random } from '../lab/market/random';
import type { Cut } from '../oracle/cut';
import { HOUR_MS } from '../oracle/units/time';
import { loadConfiguration } from '../platform/config/load';
import { loadKeccak } from '../platform/keccak';
import type { RecordedEvent } from '../recording/event';
import { readRecording } from '../recording/reader';
import { buildEngine } from '../runtime/build-engine';
import { run } from './warm-up.command';

const START = Date.UTC(2022, 0, 1);
const HOURS = 1_700;

describe('assay warm-up', () => {
  const directory = mkdtempSync(join(tmpdir(), 'warm-up-'));
  const prices = (name: string, stepMs: number): string => {
    const random = new Random(2);
    let close = 100;
    const rows = Array.from({ length: HOURS }, (_, bar) => {
      close *= Math.exp(0.01 * random.normal());
      return `${(START + bar * stepMs) / 1_000},${close.toFixed(6)}`;
    });
    writeFileSync(join(directory, name), ['time,close', ...rows, ''].join('\n'));
    return join(directory, name);
  };

  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('writes a state from which an engine knows the risk of its first hour, and of no other feed', async () => {
    const out = join(directory, 'state.ndjson');
    await run([`BTC/USD=${prices('btc.csv', HOUR_MS)}`], { config: 'config', out });
    const events: RecordedEvent[] = [];
    for await (const event of readRecording(out)) events.push(event);
    expect(events).toHaveLength(1);
    const { state } = events[0] as { state: unknown };
    const configuration = loadConfiguration('config', dialectNames);
    const engine = buildEngine(configuration, { keccak: await loadKeccak(), signer: undefined, state });
    const cuts: Cut[] = [];
    for (const { cut } of engine.advance(START + (HOURS + 5) * HOUR_MS)) cuts.push(cut);
    const known = cuts[0]!.risk!.feeds.flatMap(({ feed, horizons }) =>
      horizons[2]!.sigma === undefined ? [] : [feed],
    );
    expect(known.map((feed) => configuration.plan.feeds[feed]!.id)).toEqual(['BTC/USD']);
    const btc = cuts[0]!.risk!.feeds[known[0]!]!;
    expect(btc.horizons[2]!.sigma! / 0.01).toBeCloseTo(1, 0);
    expect(btc.horizons[2]!.fall).toHaveLength(4);
  });

  it.each([
    ['no feed', () => 'btc.csv', 'names no feed: write BTC/USD=btc.csv'],
    ['a feed that is not published', () => 'XX/USD=btc.csv', 'config publishes no XX/USD'],
    ['bars that are no hours', () => `BTC/USD=${prices('minutes.csv', 60_000)}`, 'whole hours are needed'],
  ])('refuses %s by name', async (_, argument, message) => {
    await expect(run([argument()], { config: 'config', out: join(directory, 'none') })).rejects.toThrow(message);
  });
});
