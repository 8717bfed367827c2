import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../lab/market/random';
import { run } from './backtest.command';

const START = Date.UTC(2022, 0, 1);

function prices(hours: number): string {
  const random = new Random(2);
  let close = 100;
  const rows = Array.from({ length: hours }, (_, hour) => {
    close *= Math.exp(0.01 * random.normal());
    return `${(START + hour * 3_600_000) / 1_000},${close.toFixed(6)}`;
  });
  return ['time,close', ...rows, ''].join('\n');
}

describe('assay backtest', () => {
  const directory = mkdtempSync(join(tmpdir(), 'backtest-'));
  const file = join(directory, 'coin.csv');
  const written = { out: '', err: '' };

  beforeAll(() => {
    writeFileSync(file, prices(1_700));
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((written.out += String(text)), true));
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((written.err += String(text)), true));
  });

  afterAll(() => {
    jest.restoreAllMocks();
    rmSync(directory, { recursive: true });
  });

  it('prints one JSON object, tells how far it is, and draws', async () => {
    const html = join(directory, 'page.html');
    await run([file], { horizons: '1h,12h', json: true, html });
    const result = JSON.parse(written.out) as { volatility: { asset: string; horizon: string; model: string }[] };
    expect(result.volatility).toHaveLength(2 * 7);
    expect(result.volatility[0]).toMatchObject({ asset: 'coin', horizon: '1h', model: 'assay' });
    expect(written.err).toContain('100 % of 1700 bars');
    expect(readFileSync(html, 'utf8')).toContain('<h2>coin, 12h</h2>');
  });

  it.each([
    ['a horizon that is none', { horizons: 'soon' }, 'duration "soon" is not a number with'],
    ['a time that is none', { horizons: '1h', from: 'soon' }, '"soon" is no ISO date or time, like 2022-01-01'],
    [
      'a window with nothing in it',
      { horizons: '1h', from: '2030-01-01' },
      'too little history to judge 1h: 0 origins',
    ],
  ])('refuses %s by name', async (_, options, message) => {
    await expect(run([file], options)).rejects.toThrow(message);
  });
});
