import { frameToObservation } from './frame-to-observation';
import { frameToSnapshot } from './frame-to-snapshot';
import type { Row } from './paired';

/** Runs the benches; with `--json` the last line is one JSON object. What is measured: docs/benchmarks.md. */
async function main(): Promise<void> {
  const rows = [...frameToObservation(), ...(await frameToSnapshot())];
  for (const row of rows) console.log(line(row));
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ node: process.version, platform: process.platform, arch: process.arch, rows }));
  }
}

function line({ bench, what, ratio, micros, limitMicros }: Row): string {
  const { median, min, max } = ratio;
  return (
    `${bench.padEnd(24)}  ${what.padEnd(46)}  ${median.toFixed(2).padStart(6)} x  (${min.toFixed(2)}..${max.toFixed(2)})` +
    `  ${micros.toFixed(2)} µs against ${limitMicros.toFixed(2)} µs`
  );
}

void main();
