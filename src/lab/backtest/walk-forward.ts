import { BarVariance } from '../../oracle/risk/bar-variance';
import { HorizonTails, TAIL_LEVELS, TAIL_SIDES } from '../../oracle/risk/horizon-tails';
import { HorizonVolatility } from '../../oracle/risk/horizon-volatility';
import { Memory } from '../../oracle/risk/memory';
import { HOUR_MS } from '../../oracle/units/time';
import { ForecastTable } from './forecast-table';
import { HaircutTrack } from './haircut-track';
import { NormalTails } from './rivals/normal-tails';
import type { PriceGrid } from './price-grid';
import { EwmaRival } from './rivals/ewma';
import { GarchRival } from './rivals/garch';
import { GjrTRival } from './rivals/gjr-t';
import { HarRival } from './rivals/har';
import { RealizedGarchRival } from './rivals/realized-garch';
import type { Rival } from './rivals/rival';
import { SimulatedTails } from './rivals/simulated-tails';
import { TailTable } from './tail-table';

const DAY_MS = 24 * HOUR_MS;
/** Parameters are fitted first with so many returns, then once in 30 days on the last two years. */
const FIRST_FIT = 1_000;
const REFIT_MS = 30 * DAY_MS;
const FIT_WINDOW_MS = 730 * DAY_MS;
/** Outcomes from which tails are read: for a bar's horizon 2,000, for longer ones half a year, whose spans overlap. */
const TAIL_BARS = 2_000;
const TAIL_MS = 180 * DAY_MS;

const [FALL, LEVEL] = [TAIL_SIDES.indexOf('fall'), TAIL_LEVELS.indexOf(0.99)];

export interface Horizon {
  readonly name: string;
  readonly ms: number;
}

export interface HorizonRun {
  readonly asset: string;
  readonly horizon: Horizon;
  readonly steps: number;
  readonly volatility: ForecastTable;
  readonly tails: TailTable;
  /** Of a horizon of a day at most: further, 99 % has no basis. */
  readonly haircuts: HaircutTrack | undefined;
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

/** One horizon's models beside one another. */
class Contest {
  readonly table: ForecastTable;
  readonly tailTable: TailTable;
  readonly haircuts: HaircutTrack | undefined;
  private readonly assay: HorizonVolatility;
  private readonly own: readonly Rival[];
  private readonly tails: HorizonTails;
  private readonly simulated: SimulatedTails;
  private readonly normal: NormalTails;

  constructor(
    readonly steps: number,
    memory: Memory,
    bars: BarVariance,
    private readonly garch: GarchRival,
    private readonly shared: readonly Rival[],
  ) {
    const day = Math.max(1, Math.round(DAY_MS / bars.barMs));
    const ewma = new EwmaRival(steps, day);
    this.own = [ewma, new HarRival(steps, day, false), new HarRival(steps, day, true)];
    this.assay = new HorizonVolatility(memory, steps, bars, garch.filter);
    const window = steps === 1 ? TAIL_BARS : Math.max(TAIL_BARS, Math.round(TAIL_MS / bars.barMs));
    this.tails = new HorizonTails(memory, steps, window);
    this.simulated = new SimulatedTails(steps, window);
    this.normal = new NormalTails(ewma, steps);
    this.haircuts = steps <= day ? new HaircutTrack() : undefined;
    this.table = new ForecastTable(['assay', ...this.rivals.map(({ name }) => name)]);
    this.tailTable = new TailTable(['assay', 'fhs-garch', 'normal-ewma']);
  }

  observe(bars: BarVariance, next: number, span: number): void {
    for (const rival of this.own) rival.observe(bars);
    this.assay.observe(next);
    this.tails.observe(span, this.assay.variance);
    this.simulated.observe(span, this.garch.variance(this.steps));
    this.haircuts?.observe(next, this.tails.shortfall(FALL, LEVEL));
  }

  record(at: number, realised: number, span: number, alone: boolean): void {
    const variances = [this.assay.variance, ...this.rivals.map((rival) => rival.variance(this.steps))];
    this.table.add(at, realised, variances);
    this.haircuts?.record(at, this.tails.shortfall(FALL, LEVEL), span);
    if (alone) this.tailTable.add(at, span, [this.tails, this.simulated, this.normal]);
  }

  private get rivals(): readonly Rival[] {
    return [...this.own, ...this.shared];
  }
}

/**
 * Walks over one asset's bars: at each, every model sees the bar, then says what it expects of the horizons ahead, from
 * the past alone. Origins are every bar for volatility, and spans that don't overlap for tails.
 */
export function walkForward(
  grid: PriceGrid,
  horizons: readonly Horizon[],
  window: Window,
  onBar: () => void = () => undefined,
): HorizonRun[] {
  const memory = new Memory();
  const bars = new BarVariance(memory, grid.stepMs);
  const garch = new GarchRival();
  const shared: Rival[] = [garch, new GjrTRival(), new RealizedGarchRival()];
  const contests = horizons.map((horizon) => {
    const steps = Math.round(horizon.ms / grid.stepMs);
    return new Contest(steps, memory, bars, garch, shared);
  });
  const outcomes = new Outcomes(grid);
  const returns: number[] = [];
  const variances: number[] = [];
  let fittedAt = -Infinity;
  grid.bars.forEach((bar, index) => {
    const at = grid.start + index * grid.stepMs;
    const next = at + grid.stepMs;
    bars.observe(at, bar);
    for (const rival of shared) rival.observe(bars);
    if (!Number.isNaN(bars.return_)) {
      returns.push(bars.return_);
      variances.push(bars.variance);
    }
    if (returns.length >= FIRST_FIT && at - fittedAt >= REFIT_MS) {
      fittedAt = at;
      const count = Math.round(FIT_WINDOW_MS / grid.stepMs);
      const [r, v] = [Float64Array.from(returns.slice(-count)), Float64Array.from(variances.slice(-count))];
      for (const rival of shared) rival.refit?.(r, v);
    }
    contests.forEach((contest, place) => {
      const { steps } = contest;
      contest.observe(bars, next, outcomes.span(index - steps, steps));
      const ms = horizons[place]?.ms ?? 0;
      if (next < window.from || next + ms > window.to) return;
      const realised = outcomes.realised(index, steps);
      if (!Number.isNaN(realised)) contest.record(next, realised, outcomes.span(index, steps), next % ms === 0);
    });
    onBar();
  });
  return contests.map((contest, place) => ({
    asset: grid.asset,
    horizon: horizons[place] ?? { name: '', ms: 0 },
    steps: contest.steps,
    volatility: contest.table,
    tails: contest.tailTable,
    haircuts: contest.haircuts,
  }));
}

/** What came after each bar: known to the judge, never to a model. */
class Outcomes {
  private readonly squares: Float64Array;
  private readonly missing: Float64Array;

  constructor(private readonly grid: PriceGrid) {
    const length = grid.bars.length;
    this.squares = new Float64Array(length + 1);
    this.missing = new Float64Array(length + 1);
    for (let index = 0; index < length; index++) {
      const change = this.span(index - 1, 1);
      const known = !Number.isNaN(change);
      this.squares[index + 1] = (this.squares[index] ?? 0) + (known ? change * change : 0);
      this.missing[index + 1] = (this.missing[index] ?? 0) + (known ? 0 : 1);
    }
  }

  /** Log return from the close of bar `index` over the next `steps`; NaN where either end lacks. */
  span(index: number, steps: number): number {
    return Math.log((this.grid.bars[index + steps]?.close ?? NaN) / (this.grid.bars[index]?.close ?? NaN));
  }

  /** Sum of squared returns of the `steps` bars after `index`; NaN where one lacks. */
  realised(index: number, steps: number): number {
    const [first, last] = [index + 1, index + 1 + steps];
    if (last >= this.squares.length || this.missing[last] !== this.missing[first]) return NaN;
    return (this.squares[last] ?? 0) - (this.squares[first] ?? 0);
  }
}
