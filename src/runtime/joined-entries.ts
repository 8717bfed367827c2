import type { Cut } from '../oracle/cut';
import type { LedgerEntry } from '../outbound/ledger/ledger';
import { joinedVerdicts } from './joined-verdicts';

/**
 * Consecutive entries as one, as of the last: what a reader holds who was told each of them. Of a source's verdicts only
 * the newest. At least one entry.
 */
export function joinedEntries(entries: readonly LedgerEntry[]): LedgerEntry {
  const last = entries.at(-1);
  if (last === undefined) throw new RangeError('there is no entry to join');
  if (entries.length === 1) return last;
  const models = entries.flatMap((entry) => [...(entry.models ?? [])]);
  return {
    ...last,
    cut: joinedCuts(
      entries.map(({ cut }) => cut),
      last.cut,
    ),
    alerts: entries.flatMap(({ alerts }) => alerts),
    operator: entries.flatMap(({ operator }) => operator),
    ...(models.length > 0 && { models: new Map(models) }),
  };
}

function joinedCuts(cuts: readonly Cut[], last: Cut): Cut {
  const newest = <Item>(of: (cut: Cut) => readonly Item[], key: (item: Item) => number): Item[] => {
    const byKey = new Map(cuts.flatMap((cut) => of(cut).map((item) => [key(item), item] as const)));
    return [...byKey].sort(([a], [b]) => a - b).map(([, item]) => item);
  };
  const byFeed = ({ feed }: { readonly feed: number }): number => feed;
  const liquidity = newest((cut) => cut.liquidity ?? [], byFeed);
  const rates = newest((cut) => cut.rates ?? [], byFeed);
  const risk = cuts.findLast((cut) => cut.risk !== undefined)?.risk;
  return {
    ...last,
    reports: newest(({ reports }) => reports, byFeed),
    figures: newest(({ figures }) => figures, byFeed),
    leaves: newest(
      ({ leaves }) => leaves,
      ({ index }) => index,
    ),
    verdicts: newestRows(joinedVerdicts(cuts.map(({ verdicts }) => verdicts))),
    ...(liquidity.length > 0 && { liquidity }),
    ...(rates.length > 0 && { rates }),
    ...(risk !== undefined && { risk }),
  };
}

/** Of each source the last row, in the order in which they stand: without this an outage would make the columns grow. */
function newestRows(verdicts: Cut['verdicts']): Cut['verdicts'] {
  const rows = [...new Map(Array.from(verdicts.source, (source, row) => [source, row] as const)).values()];
  const pick = <Column extends Float64Array | Float32Array | Uint32Array | Uint8Array>(column: Column): Column =>
    new (column.constructor as new (items: number[]) => Column)(rows.map((row) => column[row] ?? NaN));
  const { source, code, weight, measured, limit, depth } = verdicts;
  return {
    source: pick(source),
    code: pick(code),
    weight: pick(weight),
    measured: pick(measured),
    limit: pick(limit),
    depth: pick(depth),
  };
}
