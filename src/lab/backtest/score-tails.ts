import { TAIL_LEVELS, TAIL_SIDES } from '../../oracle/risk/horizon-tails';
import { type TrafficLight, conditionalCoverage, independence, kupiec, trafficLight } from './coverage-tests';
import { dynamicQuantile } from './dynamic-quantile';
import { acerbiSzekely1, acerbiSzekely2, fz0 } from './shortfall-scores';
import { mean } from './volatility-scores';
import type { HorizonRun } from './walk-forward';

export interface TailRow {
  readonly asset: string;
  readonly horizon: string;
  readonly model: string;
  /** Which way the price went: `fall` loses to one who holds. */
  readonly side: (typeof TAIL_SIDES)[number];
  readonly level: number;
  readonly n: number;
  readonly breaches: number;
  readonly kupiecP: number;
  readonly independenceP: number;
  readonly ccP: number;
  readonly dqP: number;
  readonly light: TrafficLight;
  /** NaN, and null in JSON, where nothing was breached. */
  readonly z1: number;
  readonly z2: number;
  readonly fz0: number;
}

/** Of one model, horizon, side and level over all assets together: each breach counts, wherever it was. */
export interface PooledTailRow {
  readonly horizon: string;
  readonly model: string;
  readonly side: (typeof TAIL_SIDES)[number];
  readonly level: number;
  readonly n: number;
  readonly breaches: number;
  readonly kupiecP: number;
  /** Parts of the assets whose breaches stand at 95 %, by number alone and by number and independence. */
  readonly kupiecAccepted: number;
  readonly ccAccepted: number;
}

export function scoreTails({ asset, horizon, tails }: HorizonRun): TailRow[] {
  return tails.models.flatMap((model, index) =>
    TAIL_SIDES.flatMap((side, sideIndex) =>
      TAIL_LEVELS.map((level, levelIndex) => {
        const outcomes = tails.of(index, sideIndex, levelIndex);
        const p = 1 - level;
        const hits = outcomes.map(({ loss, valueAtRisk }) => loss > valueAtRisk);
        const breaches = hits.filter(Boolean).length;
        const risks = outcomes.map(({ valueAtRisk }) => valueAtRisk);
        return {
          asset,
          horizon: horizon.name,
          model,
          side,
          level,
          n: hits.length,
          breaches,
          kupiecP: kupiec(breaches, hits.length, p).p,
          independenceP: independence(hits).p,
          ccP: conditionalCoverage(hits, p).p,
          dqP: dynamicQuantile(hits, risks, p).p,
          light: trafficLight(breaches, hits.length, p),
          z1: acerbiSzekely1(outcomes),
          z2: acerbiSzekely2(outcomes, p),
          fz0: mean(outcomes.map((outcome) => fz0(outcome, p))),
        };
      }),
    ),
  );
}

export function poolTails(rows: readonly TailRow[]): PooledTailRow[] {
  const cells = new Map<string, TailRow[]>();
  for (const row of rows) {
    const key = [row.horizon, row.model, row.side, row.level].join(' ');
    cells.set(key, [...(cells.get(key) ?? []), row]);
  }
  return [...cells.values()].flatMap((cell) => {
    const [first] = cell;
    if (first === undefined) return [];
    const { horizon, model, side, level } = first;
    const n = cell.reduce((sum, row) => sum + row.n, 0);
    const breaches = cell.reduce((sum, row) => sum + row.breaches, 0);
    const part = (holds: (row: TailRow) => boolean): number => cell.filter(holds).length / cell.length;
    return {
      horizon,
      model,
      side,
      level,
      n,
      breaches,
      kupiecP: kupiec(breaches, n, 1 - level).p,
      kupiecAccepted: part(({ kupiecP }) => kupiecP > 0.05),
      ccAccepted: part(({ ccP }) => ccP > 0.05),
    };
  });
}
