import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importedEvents } from '../../src/commands/import.command';
import { replayPage, type Chapter } from '../../src/lab/drawing/replay-page';
import type { FeedTally } from './day-tally';
import { judgedReplay } from './judged-replay';

/** Days on which much went wrong, the files that hold them, and the hours worth a drawing of their own. */
const DAYS = [
  {
    name: '2025-10-10, the crash',
    folder: 'trades_2025-10-10',
    format: 'trades',
    config: 'config/days/2025-10-10',
    fixture: ['assumed:USDT-USD=1'],
    mayHalt: true,
    hours: [{ title: 'the crash', from: '2025-10-10T21:10:00Z', to: '2025-10-10T22:00:00Z' }],
  },
  {
    name: '2023-03-01 to 09',
    folder: 'minute',
    format: 'minutes',
    config: 'config/days/2023-03',
    fixture: [],
    mayHalt: false,
    hours: [{ title: "Coinbase's outage", from: '2023-03-04T16:00:00Z', to: '2023-03-04T23:00:00Z' }],
  },
] as const;
type Day = (typeof DAYS)[number];

interface DayResult {
  readonly day: Day;
  readonly feeds: readonly FeedTally[];
}

/** `npm run days -- DIR`: hard days as others recorded them, through the oracle. Nothing of them is kept. */
async function main(args: readonly string[]): Promise<void> {
  const [directory] = args;
  if (directory === undefined) throw new Error('name the directory of the prices: npm run days -- DIR');
  const html = args.includes('--html') ? args[args.indexOf('--html') + 1] : undefined;
  const results: DayResult[] = [];
  const chapters: Chapter[] = [];
  for (const day of DAYS) {
    const { feeds, drawn } = await replayed(day, join(directory, day.folder));
    print(day.name, feeds);
    results.push({ day, feeds });
    chapters.push(...drawn);
  }
  if (html !== undefined) await writeFile(html, replayPage('Recorded days', chapters));
  const faults = results.flatMap(({ day, feeds }) => feeds.flatMap((feed) => faultsOf(day, feed)));
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
  if (args.includes('--json')) {
    const days = results.map(({ day, feeds }) => ({ day: day.name, feeds }));
    console.log(JSON.stringify({ days, faults }));
  }
}

async function replayed(day: Day, folder: string): Promise<{ feeds: FeedTally[]; drawn: Chapter[] }> {
  const files = (await readdir(folder)).filter((name) => name.includes('.csv')).map((name) => join(folder, name));
  const windows = day.hours.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));
  const events = importedEvents(day.format, files, day.fixture);
  const { feeds, whole, within } = await judgedReplay(day.config, events, windows);
  const hours = within.map((drawings, index) => ({ title: `${day.name}: ${day.hours[index]?.title}`, drawings }));
  return { feeds, drawn: [{ title: day.name, drawings: whole }, ...hours] };
}

function faultsOf({ name, mayHalt }: Day, tally: FeedTally): string[] {
  const { feed, longestApartOkSeconds, secondsLiquidableOutside } = tally;
  const halted = tally.secondsByStatus['halted'] ?? 0;
  return [
    ...(longestApartOkSeconds > 0
      ? [`${name}: ${feed} was ok for ${longestApartOkSeconds} s while its venues stood more than 10 % apart`]
      : []),
    ...(secondsLiquidableOutside > 0
      ? [`${name}: ${feed} let liquidate for ${secondsLiquidableOutside} s by a band without one of such venues`]
      : []),
    ...(halted > 0 && !mayHalt ? [`${name}: ${feed} was without a price for ${halted} s`] : []),
  ];
}

function print(day: string, feeds: readonly FeedTally[]): void {
  console.log(`\n${day}`);
  for (const feed of feeds) {
    const { worstWhileOk, widest } = feed;
    console.log(`  ${feed.feed}`);
    console.log(`    seconds   ${listed(feed.secondsByStatus)}`);
    console.log(`    reasons   ${listed(feed.secondsByReason)}`);
    if (worstWhileOk !== undefined) {
      const { bps, at } = worstWhileOk;
      console.log(`    while ok  at most ${bps.toFixed(1)} bp from the median of its venues, ${timeOf(at)}`);
    }
    if (widest === undefined) continue;
    const said = widest.venues.map((venue) => venue.toPrecision(6)).join(' and ');
    const price = Number.isNaN(widest.price) ? 'no price' : `price ${widest.price}`;
    console.log(
      `    apart     at most ${widest.bps.toFixed(0)} bp, ${timeOf(widest.at)}: ${said}, ${price}, ` +
        `${widest.status} (${widest.reasons.join(', ')})`,
    );
    console.log(
      `              more than 10 %: ${listed(feed.secondsApart)}; longest as ok ${feed.longestApartOkSeconds} s; ` +
        `liquidable by a band without both ${feed.secondsLiquidableOutside.toFixed(0)} s`,
    );
  }
}

function listed(seconds: Readonly<Record<string, number>>): string {
  const entries = Object.entries(seconds).map(([name, value]) => `${name} ${Math.round(value)}`);
  return entries.length === 0 ? 'never' : entries.join(', ');
}

function timeOf(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
