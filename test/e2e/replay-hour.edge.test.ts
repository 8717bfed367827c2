import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run as warmUp } from '../../src/commands/warm-up.command';
import { dialectNames } from '../../src/inbound/venues/registry';
import { Random } from '../../src/lab/market/random';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/oracle/units/time';
import { loadConfiguration } from '../../src/platform/config/load';
import type { RecordedEvent } from '../../src/recording/event';
import { RecordingWriter } from '../../src/recording/writer';
import { assay } from '../support/assay-process';
import { SpokenMarket } from '../support/spoken-market';

const START = 1_700_000_040_000;
/** An hour, after which minutes are known, and some minutes in which they are. */
const HOUR_S = 4_020;
/** Of a past that nobody heard, from a file. */
const WARM_HOURS = 1_500;
const WARM = ['BTC/USD', 'ALT/USD', 'THIN/USD'];
/** Between two words of its market, and back before the third: nothing was missed. */
const STOPPED_AT = START + 31 * MINUTE_MS + 12_160;
const STARTED_AT = STOPPED_AT + 5;
const BACK_WITHIN_MS = 60;

let directory: string;
const fileNamed = (name: string): string => join(directory, name);

let once: Line[];
let onceText: string;
let twiceText: string;
let restarted: Line[];

/** Of `assay replay --risk`. */
interface Line {
  readonly at: number;
  readonly feed?: string;
  readonly risk?: { readonly volatilityPpm?: number; readonly observations: number };
  readonly margin?: { readonly flags: readonly string[]; readonly horizons: Readonly<Record<string, object>> };
  readonly dependence?: object;
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'assay-hour-'));
  copyConfiguration();
  const crash = { asset: 'BTC', bps: -150, fromMs: 20 * MINUTE_MS, overMs: 0 } as const;
  const rally = { asset: 'ALT', bps: 200, fromMs: 63 * MINUTE_MS, overMs: 0 } as const;
  const market = new SpokenMarket(loadConfiguration(fileNamed('config'), dialectNames), 1, START, [crash, rally]);
  const hour = [await warmState(), ...market.recording(HOUR_S)];
  await write('hour.ndjson', hour);
  const before = hour.filter(({ at }) => at < STOPPED_AT);
  await write('before.ndjson', before);
  await write('after.ndjson', market.recordingFrom(STARTED_AT, HOUR_S, BACK_WITHIN_MS));
  [onceText, twiceText, restarted] = await Promise.all([
    replay('hour.ndjson', 'once.ndjson'),
    replay('hour.ndjson', 'twice.ndjson'),
    replayWithRestart(),
  ]);
  once = linesOf(onceText);
}, 240_000);

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** The laboratory's, on a network on which everyone's key may sign. */
function copyConfiguration(): void {
  cpSync('config/lab', fileNamed('config'), { recursive: true });
  const feeds = join(fileNamed('config'), 'feeds.yaml');
  writeFileSync(feeds, readFileSync(feeds, 'utf8').replace('network: assay-laboratory', 'network: assay-local'));
}

/** What `assay warm-up` makes of files of hourly prices: the first line of a recording. */
async function warmState(): Promise<RecordedEvent> {
  const random = new Random(5);
  const files = WARM.map((feed) => {
    let close = 100;
    const rows = Array.from({ length: WARM_HOURS }, (_, hour) => {
      close *= Math.exp(0.006 * random.normal());
      return `${(Math.floor(START / HOUR_MS) - WARM_HOURS + hour) * HOUR_MS},${close}`;
    });
    const file = fileNamed(`${feed.replace('/', '-')}.csv`);
    writeFileSync(file, ['time,close', ...rows].join('\n'));
    return `${feed}=${file}`;
  });
  await warmUp(files, { config: fileNamed('config'), out: fileNamed('state.ndjson') });
  return JSON.parse(readFileSync(fileNamed('state.ndjson'), 'utf8')) as RecordedEvent;
}

async function write(name: string, events: readonly RecordedEvent[]): Promise<void> {
  const writer = await RecordingWriter.open(fileNamed(name), { gzip: false });
  for (const event of events) writer.append(event);
  await writer.close();
}

async function replay(input: string, output: string, ...more: string[]): Promise<string> {
  const files = ['--config', fileNamed('config'), '--in', fileNamed(input), '--out', fileNamed(output)];
  const { code, complained } = await assay(['replay', ...files, '--risk', ...more], { ASSAY_LOG_LEVEL: 'silent' });
  expect({ code, complained }).toEqual({ code: 0, complained: '' });
  return readFileSync(fileNamed(output), 'utf8');
}

/** Two processes, the second of which knows of the first what its ledger tells. */
async function replayWithRestart(): Promise<Line[]> {
  const ledger = ['--data', fileNamed('data'), '--development-key'];
  await replay('before.ndjson', 'first-life.ndjson', ...ledger);
  return linesOf(await replay('after.ndjson', 'second-life.ndjson', ...ledger));
}

function linesOf(text: string): Line[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

/** What is signed under the risk root, from an instant on. */
function risksAfter(at: number, lines: readonly Line[]): string[] {
  const risks = lines.filter((line) => line.at > at && (line.margin ?? line.dependence) !== undefined);
  return risks.map((line) => JSON.stringify(line));
}

describe('assay replay, of an hour', () => {
  test('gives the same bytes twice', () => {
    expect(onceText === twiceText).toBe(true);
  });

  test('has risk in its first cut, after every step of the grid and after the jump, of minutes and of days', () => {
    const instants = new Set(once.filter(({ margin }) => margin !== undefined).map(({ at }) => at - START));
    expect(instants.size).toBe(1 + Math.ceil(HOUR_S / 300) + 1);
    const last = once.filter(({ feed, margin }) => feed === 'BTC/USD' && margin !== undefined).at(-1);
    for (const horizon of ['1m', '5m', '1h', '1d']) {
      expect(last?.margin?.horizons[horizon]).toMatchObject({ sigmaPpm: expect.any(Number) as number });
    }
  });

  test('goes on from the ledger of another process with the risk of one that never stopped, byte for byte', () => {
    const undisturbed = risksAfter(STARTED_AT, once);
    expect(undisturbed).toHaveLength(7 * 8);
    expect(risksAfter(STARTED_AT, restarted)).toEqual(undisturbed);
  });

  test('says in its first cut what was known of risk when it stopped, as of that cut', () => {
    const first = restarted.filter(({ at, margin }) => at === STARTED_AT && margin !== undefined);
    expect(first).toHaveLength(7);
    for (const { margin } of first) expect(margin?.flags).not.toContain('noPrice');
  });

  test('has the volatility of every second, from the end of the one in which it was back', () => {
    const volatilities = (lines: readonly Line[]) =>
      lines.flatMap(({ at, feed, risk }) => {
        return at > STARTED_AT + SECOND_MS && risk !== undefined
          ? [[at, feed, risk.volatilityPpm, risk.observations]]
          : [];
      });
    expect(volatilities(restarted)).toEqual(volatilities(once));
  });
});
