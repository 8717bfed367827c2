import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { kupiec } from '../../src/lab/backtest/coverage-tests';
import { fitGarch } from '../../src/oracle/risk/garch';
import { Har } from '../../src/oracle/risk/har';
import { Memory } from '../../src/oracle/risk/memory';

/**
 * Holds estimators to figures that others computed: `npm run references -- DIR`, where DIR has the Bollerslev–Ghysels
 * returns, Kupiec's ratios and the realised measures of SPY (docs/backtest.md). Exits with 1 where one is missed.
 */
const WINDOWS = [1, 5, 22];
/** fGarch 4022.89: mu, omega, alpha, beta, and the log-likelihood. */
const FITTED = [-0.00619041, 0.0107614, 0.153134, 0.805974];
const LIKELIHOOD = -1106.608;

const directory = process.argv[2];
if (directory === undefined) throw new Error('name the directory of the reference data: npm run references -- DIR');
let missed = 0;

function hold(what: string, off: number, limit: number): void {
  const isMet = off <= limit;
  if (!isMet) missed++;
  process.stdout.write(`${isMet ? 'met   ' : 'MISSED'}  ${what}: off by ${off.toExponential(1)}, at most ${limit}\n`);
}

function holdGarch(folder: string): void {
  const lines = readFileSync(join(folder, 'garch_dem2gbp_returns.txt'), 'utf8').split('\n').slice(1);
  const returns = Float64Array.from(lines.filter((line) => line.trim() !== '').map(Number));
  const { mu, omega, alpha, beta, logLikelihood } = fitGarch(returns);
  const off = [mu, omega, alpha, beta].map((value, index) => Math.abs(value / (FITTED[index] ?? NaN) - 1));
  hold(`GARCH(1,1) of ${returns.length} returns, its four parameters, relative`, Math.max(...off), 5e-5);
  hold('its log-likelihood', Math.abs(logLikelihood - LIKELIHOOD), 1e-3);
}

function holdKupiec(folder: string): void {
  const { cases } = JSON.parse(readFileSync(join(folder, 'kupiec.json'), 'utf8')) as {
    cases: { T: number; N: number; p: number; LR: number }[];
  };
  const off = cases.map(({ T, N, p, LR }) => Math.abs(kupiec(N, T, p).ratio - LR));
  hold(`Kupiec's ratio in ${cases.length} cases`, Math.max(...off), 1e-9);
}

function holdHar(folder: string): void {
  const text = gunzipSync(readFileSync(join(folder, 'har_SPY_realized_measures.csv.gz'))).toString('utf8');
  const [header = [], ...rows] = text.split('\n').map((line) => line.replaceAll('"', '').split(','));
  const column = header.indexOf('RV5');
  const measures = rows.flatMap((cells) => (cells.length > column ? [Number(cells[column])] : []));
  const har = new Har(new Memory(), 1, WINDOWS);
  for (const measure of measures) har.observe(measure, measure);
  const rowsOf = measures.map((_, day) => [1, ...WINDOWS.map((length) => meanBefore(measures, day + 1, length))]);
  const known = rowsOf.slice(21, -1);
  const coefficients = leastSquares(known, measures.slice(22));
  const forecast = coefficients.reduce((sum, value, place) => sum + value * (rowsOf.at(-1)?.[place] ?? NaN), 0);
  hold(
    `HAR of ${measures.length} days against the closed solution`,
    Math.abs((har.variance ?? NaN) / forecast - 1),
    1e-9,
  );
}

function meanBefore(values: readonly number[], end: number, length: number): number {
  return values.slice(Math.max(0, end - length), end).reduce((sum, value) => sum + value, 0) / length;
}

/** By an orthogonal basis (modified Gram–Schmidt): another way than the normal equations that are under test. */
function leastSquares(rows: readonly (readonly number[])[], targets: readonly number[]): number[] {
  const columns = (rows[0] ?? []).map((_, place) => rows.map((row) => row[place] ?? NaN));
  const basis: number[][] = [];
  const upper = columns.map(() => columns.map(() => 0));
  columns.forEach((column, j) => {
    let rest = column;
    basis.forEach((direction, i) => {
      const along = dot(direction, rest);
      (upper[i] as number[])[j] = along;
      rest = rest.map((value, k) => value - along * (direction[k] ?? NaN));
    });
    const length = Math.sqrt(dot(rest, rest));
    (upper[j] as number[])[j] = length;
    basis.push(rest.map((value) => value / length));
  });
  const solution = columns.map(() => 0);
  for (let j = columns.length - 1; j >= 0; j--) {
    const known = solution.reduce((sum, value, k) => (k > j ? sum + value * (upper[j]?.[k] ?? NaN) : sum), 0);
    solution[j] = (dot(basis[j] ?? [], targets) - known) / (upper[j]?.[j] ?? NaN);
  }
  return solution;
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? NaN), 0);
}

holdGarch(directory);
holdKupiec(directory);
holdHar(directory);
process.exitCode = missed === 0 ? 0 : 1;
