import { loadKeccak } from '../src/platform/keccak';
import { dependenceCost } from './dependence';
import { frameToObservation } from './frame-to-observation';
import { frameToSnapshot } from './frame-to-snapshot';
import { heapGrowth, type HeapGrowth } from './heap-growth';
import type { Row } from './paired';
import { riskCost } from './risk';
import { riskOnTheCut } from './risk-on-the-cut';
import { wideCut } from './wide-cut';
import { FEEDS, WideMarket } from './wide-market';

const OBSERVATIONS = 10_000_000;
/** The longest window of what an oracle remembers fills before the heap is looked at. */
const HOUR_SECONDS = 3_600;

/** Exits with 1 where a floor is missed or the heap grows; with `--json` the last line is one JSON object. */
async function main(): Promise<void> {
  const rows = [
    ...frameToObservation(),
    ...(await frameToSnapshot()),
    ...(await wideCut()),
    ...riskCost(),
    ...(await riskOnTheCut()),
    ...dependenceCost(),
  ];
  for (const row of rows) console.log(line(row));
  const heap = await heapOfOracle();
  console.log(heapLine(heap));
  const isMissed = rows.some(({ ratio, target }) => target !== undefined && ratio.median > target.floor);
  if (isMissed || heap.grownBytes > heap.limitBytes) process.exitCode = 1;
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ node: process.version, platform: process.platform, arch: process.arch, rows, heap }));
  }
}

async function heapOfOracle(): Promise<HeapGrowth> {
  const market = new WideMarket(await loadKeccak());
  market.pass(HOUR_SECONDS);
  return heapGrowth(OBSERVATIONS, () => {
    const inputs = market.next(FEEDS);
    market.leaveGrid();
    market.hear(inputs);
    market.cut();
    return inputs.length;
  });
}

function heapLine({ observations, usedBytes, grownBytes, limitBytes }: HeapGrowth): string {
  const used = usedBytes.map((bytes) => (bytes / 1024 ** 2).toFixed(2)).join(', ');
  const verdict = grownBytes > limitBytes ? 'grown' : 'not grown';
  return `heap over ${observations} observations: ${used} MiB at a quarter, a half, the whole: ${verdict}`;
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
