import { frameToObservation } from './frame-to-observation';
import { frameToSnapshot } from './frame-to-snapshot';
import type { Row } from './paired';

/** Exits with 1 where a floor is missed; with `--json` the last line is one JSON object. See docs/benchmarks.md. */
async function main(): Promise<void> {
  const rows = [...frameToObservation(), ...(await frameToSnapshot())];
  for (const row of rows) console.log(line(row));
  if (rows.some(({ ratio, target }) => target !== undefined && ratio.median > target.floor)) process.exitCode = 1;
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ node: process.version, platform: process.platform, arch: process.arch, rows }));
  }
}

function line({ bench, what, ratio, target, micros, limitMicros }: Row): string {
  const { median, min, max } = ratio;
  const cells = [
    bench.padEnd(24),
    what.padEnd(44),
    `${median.toFixed(2).padStart(5)} x`,
    `(${min.toFixed(2)}..${max.toFixed(2)})`.padEnd(12),
    `${micros.toFixed(2)} µs against ${limitMicros.toFixed(2)} µs`.padEnd(28),
    target === undefined ? '' : verdict(median, target),
  ];
  return cells.join('  ').trimEnd();
}

function verdict(ratio: number, { floor, aim }: NonNullable<Row['target']>): string {
  if (ratio <= aim) return `aim ${aim} met`;
  return ratio <= floor ? `aim ${aim} missed, floor ${floor} met` : `floor ${floor} missed`;
}

void main();
