import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src/recording/event';
import { assay } from '../support/assay-process';
import { LiveService, openMarket } from '../support/live-service';
import { instruction, OPERATOR } from '../support/operator';
import { shorterConfiguration } from '../support/shorter-configuration';

const ALL_LINES = ['--bytes', '--verdicts', '--risk'];

let directory: string;
const fileNamed = (name: string): string => join(directory, name);

/** What the service published, in the lines of a replay. */
let published: string;
let recording: string[];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'assay-replay-'));
  await recordTroubledService();
  recording = readFileSync(fileNamed('recording.ndjson'), 'utf8').trimEnd().split('\n');
  const options = ['--config', directory, '--data', fileNamed('data'), '--out', fileNamed('published.ndjson')];
  const { code, complained } = await assay(['ledger', ...options, ...ALL_LINES]);
  expect({ code, complained }).toEqual({ code: 0, complained: '' });
  published = readFileSync(fileNamed('published.ndjson'), 'utf8');
}, 60_000);

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** A warm start, a lost venue, one that sends garbage, an operator's halt and resume, and all is well again. */
async function recordTroubledService(): Promise<void> {
  const configuration = shorterConfiguration(directory, { operators: [OPERATOR] });
  const market = await openMarket(configuration);
  const files = { dataDirectory: fileNamed('data'), recordFile: fileNamed('recording.ndjson') };
  const live = await LiveService.start(configuration, market, files);
  const instruct = async (action: 'halt' | 'resume'): Promise<void> => {
    const body = await instruction(configuration.plan.network, action, 'ETH/USD', Date.now());
    expect(await live.post('/v1/operator', body)).toMatchObject({ status: 202 });
  };
  try {
    await live.untilAll('ok');
    market.fault({ venue: 'binance', fault: 'kill' });
    market.fault({ venue: 'kraken', fault: 'garbage' });
    await live.until(() => live.report('BTC/USD')?.sources.upstreams === 5, 'BTC/USD without binance');
    await live.untilRejected('kraken', 'notText');
    await instruct('halt');
    await live.until(() => live.report('ETH/USD')?.reasons.includes('operatorHalt'), 'ETH/USD halted by the operator');
    market.heal('binance');
    market.heal('kraken');
    await instruct('resume');
    await live.untilStatus('ETH/USD', 'grace');
    await live.untilAll('ok');
  } finally {
    await live.stop();
    await market.stop();
  }
}

async function replay(name: string, input = fileNamed('recording.ndjson')): Promise<string> {
  const out = fileNamed(name);
  const files = ['--config', directory, '--in', input, '--out', out];
  const { code, complained } = await assay(['replay', ...files, ...ALL_LINES, '--development-key'], {
    ASSAY_LOG_LEVEL: 'silent',
  });
  expect({ code, complained }).toEqual({ code: 0, complained: '' });
  return readFileSync(out, 'utf8');
}

/** The first line in which two outputs differ. */
function difference(one: string, other: string): object | undefined {
  if (one === other) return undefined;
  const [ones, others] = [one.split('\n'), other.split('\n')];
  const at = ones.findIndex((line, index) => line !== others[index]);
  return { line: at + 1, one: ones[at], other: others[at] };
}

/** Lines of one instant, turned around across voices; each voice's own stay in their order. */
function shuffled(lines: readonly string[]): { lines: string[]; moved: number } {
  const events = lines.map((line) => JSON.parse(line) as RecordedEvent);
  const result: string[] = [];
  for (let from = 0; from < events.length;) {
    let to = from + 1;
    while (to < events.length && events[to]?.at === events[from]?.at) to++;
    const voices = new Map<string, string[]>();
    for (let index = from; index < to; index++) {
      const voice = voiceOf(events[index] as RecordedEvent);
      voices.set(voice, [...(voices.get(voice) ?? []), lines[index] ?? '']);
    }
    result.push(...[...voices.values()].reverse().flat());
    from = to;
  }
  return { lines: result, moved: result.filter((line, index) => line !== lines[index]).length };
}

function voiceOf(event: RecordedEvent): string {
  if ('state' in event || 'config' in event) return 'start';
  if ('connection' in event) return `${event.venue} ${event.connection}`;
  return 'reader' in event ? `${event.chain} ${event.reader}` : 'operator';
}

describe('assay replay, of what the live service recorded', () => {
  test('the recording begins with the warm state and the configuration, and holds all that happened', () => {
    const first = recording.slice(0, 2).map((line) => Object.keys(JSON.parse(line) as object));
    expect(first).toEqual([
      ['at', 'state'],
      ['at', 'config', 'effectiveCut'],
    ]);
    for (const happening of [
      '"venue":"binance","connection":"1","open":false',
      '"operator":{"halt"',
      '"reader":"chainlink:BTC/USD"',
      '"frameBase64"',
    ])
      expect(recording.some((line) => line.includes(happening))).toBe(true);
  });

  test('what was published has reports, verdicts, risk, alerts and signatures', () => {
    for (const part of ['"price":"', '"verdicts":[', '"risk":{', '"signature":"0x', '"reasons":["operatorHalt"]'])
      expect(published.includes(part)).toBe(true);
    expect(published).toContain('"feed":"BTC/USD","margin":{"asOf":"');
    expect(published).not.toContain(`"riskRoot":"0x${'0'.repeat(64)}"`);
  });

  test('in two processes, both give what was published and signed, byte for byte', async () => {
    const [one, other] = await Promise.all([replay('one.ndjson'), replay('other.ndjson')]);
    expect(difference(published, one)).toBeUndefined();
    expect(difference(published, other)).toBeUndefined();
  });

  test('the order of what was heard at one instant does not matter', async () => {
    const { lines, moved } = shuffled(recording);
    expect(moved).toBeGreaterThan(10);
    writeFileSync(fileNamed('shuffled.ndjson'), `${lines.join('\n')}\n`);
    expect(difference(published, await replay('of-shuffled.ndjson', fileNamed('shuffled.ndjson')))).toBeUndefined();
  });
});
