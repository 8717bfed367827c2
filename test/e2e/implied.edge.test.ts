import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assay } from '../support/assay-process';
import { LiveService, openMarket, withoutJumps } from '../support/live-service';
import { shorterConfiguration } from '../support/shorter-configuration';

const FEED = 'BTC/USD';
/** A fall that no diffusion explains: risk is published at once, and nobody waits for its grid. */
const CRASH = { asset: 'BTC', bps: -400, overMs: 0 };

interface Line {
  readonly feed?: string;
  readonly margin?: { readonly implied?: object };
}

let directory: string;
const fileNamed = (name: string): string => join(directory, name);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'assay-implied-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

async function risksOf(command: string, ...files: readonly string[]): Promise<Line[]> {
  const out = fileNamed(`${command}.ndjson`);
  const { code, complained } = await assay([command, '--config', directory, ...files, '--out', out, '--risk'], {
    ASSAY_LOG_LEVEL: 'silent',
  });
  expect({ code, complained }).toEqual({ code: 0, complained: '' });
  const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Line).filter(({ margin }) => margin !== undefined);
}

test('what the market’s exchange of options says is heard, published and signed, and a replay finds the same', async () => {
  const configuration = shorterConfiguration(directory);
  // Of jumps within five minutes only the first is published at once.
  const market = await openMarket(configuration, withoutJumps);
  const [data, recording] = [fileNamed('data'), fileNamed('recording.ndjson')];
  const live = await LiveService.start(configuration, market, { dataDirectory: data, recordFile: recording });
  try {
    await live.untilAll('ok');
    market.move(CRASH);
    const feed = configuration.plan.feeds.findIndex(({ id }) => id === FEED);
    const { implied } = await live.until(
      () => live.entries.map(({ cut }) => cut.risk?.feeds[feed]).find((risk) => risk?.implied && risk.jumped),
      `risk of ${FEED} with what options imply`,
    );
    expect(implied).toEqual({
      volatility: market.quoteAt('deribit', 'btc_usd', implied!.observedAt + 100).last / 100,
      observedAt: expect.any(Number) as number,
      dayWeight: 1 / 11,
      tenDayWeight: 1 / 11,
    });
    const { body } = await live.get(`/v1/risk?feed=${FEED}`);
    expect(JSON.stringify(body)).toContain(`"implied":{"volatilityPpm":${Math.ceil(implied!.volatility * 1e6)}`);
  } finally {
    await live.stop();
    await market.stop();
  }
  const published = await risksOf('ledger', '--data', data);
  expect(published.some(({ margin }) => margin?.implied !== undefined)).toBe(true);
  expect(await risksOf('replay', '--in', recording, '--development-key')).toEqual(published);
}, 120_000);
