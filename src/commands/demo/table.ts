import type { OraclePlan } from '../../oracle/plan';
import { formatMantissa } from '../../oracle/units/decimal';
import type { EpochMs } from '../../oracle/units/time';
import type { FeedView } from './watcher';

const COLUMNS = ['feed', 'price', 'band bp', 'status', 'sources', 'age ms', 'twap 5m', 'reasons'] as const;
const WIDTHS = [11, 18, 9, 10, 8, 8, 18, 0] as const;

const CLEAR_BELOW = '\u001b[J';
const HOME = '\u001b[H';

/** The feeds as a table that is drawn over itself, for a terminal. */
export function drawTable(plan: OraclePlan, feeds: readonly FeedView[], now: EpochMs, footer: string): string {
  const rows = feeds.map((feed) => row(cells(plan, feed, now)));
  return [HOME + row([...COLUMNS]), ...rows, '', footer + CLEAR_BELOW].join('\n');
}

/** One line that says how things stand, where there is no terminal. */
export function summaryLine(plan: OraclePlan, feeds: readonly FeedView[], now: EpochMs): string {
  const ok = feeds.filter(({ report }) => report.status === 'ok').length;
  const first = feeds.find(({ id }) => id === 'BTC/USD') ?? feeds[0];
  const example = first === undefined ? '' : cells(plan, first, now).slice(0, 4).join(' ');
  return `${new Date(now).toISOString()} ${ok}/${plan.feeds.length} feeds ok; ${example}`;
}

function cells(plan: OraclePlan, { id, report, figures }: FeedView, now: EpochMs): string[] {
  const decimals = plan.feeds[report.feed]?.decimals ?? 0;
  const { prices } = report;
  const twap = figures?.twaps[1]?.price;
  return [
    id,
    prices === undefined ? '–' : formatMantissa(prices.price, decimals),
    prices === undefined ? '–' : (((prices.high - prices.low) / 2 / prices.price) * 10_000).toFixed(2),
    report.status,
    String(report.sources.used),
    report.observedAt === undefined ? '–' : String(Math.round(now - report.observedAt)),
    twap === undefined ? '–' : formatMantissa(twap, decimals),
    report.reasons.join(' '),
  ];
}

function row(texts: readonly string[]): string {
  const line = texts.map((text, column) =>
    column === 0 || column >= 6 ? text.padEnd(WIDTHS[column] ?? 0) : text.padStart(WIDTHS[column] ?? 0),
  );
  return `${line.join('  ').trimEnd()}\u001b[K`;
}
