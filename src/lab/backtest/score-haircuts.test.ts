import { ForecastTable } from './forecast-table';
import { HaircutTrack } from './haircut-track';
import { scoreHaircuts } from './score-haircuts';
import { TailTable } from './tail-table';

const DAY = 86_400_000;

function rowsOf(shortfalls: readonly number[], spans: readonly number[] = []): ReturnType<typeof scoreHaircuts> {
  const haircuts = new HaircutTrack();
  shortfalls.forEach((shortfall, day) => {
    haircuts.observe(day * DAY, shortfall);
    haircuts.record(day * DAY, shortfall, spans[day] ?? 0);
  });
  const tables = { volatility: new ForecastTable([]), tails: new TailTable([]) };
  return scoreHaircuts({ asset: 'X', horizon: { name: '1d', ms: DAY }, steps: 24, ...tables, haircuts });
}

/** The shortfall behind a haircut. */
const behind = (haircut: number): number => -Math.log(1 - haircut);

describe('scoreHaircuts', () => {
  const raws = [0.2, 0.1, 0.1, 0.4, 0.1, 0.1, 0.1];
  const [raw, smoothed] = rowsOf(raws.map(behind), [0, 0, Math.log(0.85), 0, 0, 0, 0]);

  it('measures how far a haircut goes, and what its steadiness costs', () => {
    expect(raw).toMatchObject({ n: 7, cost: 0 });
    expect(raw?.peak).toBeCloseTo(0.4, 9);
    expect(raw?.peakToTrough).toBeCloseTo(4, 9);
    expect(smoothed?.peakToTrough).toBeLessThan(2);
    expect(smoothed?.cost).toBeGreaterThan(0);
  });

  it('finds the largest rise from the lowest of the days before, and none where the window is shorter', () => {
    expect(raw?.rise1d).toBeCloseTo(4, 9);
    expect(raw?.rise5d).toBeCloseTo(4, 9);
    expect(raw?.rise30d).toBeNaN();
  });

  it('counts the losses that were more', () => {
    expect(raw?.exceeded).toBeCloseTo(1 / 7, 9);
    expect(smoothed?.exceeded).toBe(0);
  });

  it('says nothing of what had no basis', () => {
    expect(rowsOf([NaN, NaN])).toEqual([]);
  });
});
