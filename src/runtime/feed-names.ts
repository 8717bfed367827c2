import { decodeFeedId, FEED_ID_BYTES } from '../oracle/reporting/feed-id';
import { priceLeafIndex } from '../oracle/reporting/leaf';
import { decodePriceLeaf } from '../oracle/reporting/price-leaf';
import type { OraclePlan } from '../oracle/plan';
import type { Report } from '../oracle/report';
import type { LedgerEntry } from '../outbound/ledger/ledger';

/** Where a feed's name stands in its leaves: behind the kind (docs/report.md). */
const NAME_AT = 1;

/**
 * Lets an oracle continue from entries that were made under another configuration. Entries name feeds by index;
 * their leaves hold the names, from which the indices of the plan in force are found. A feed that is gone is dropped,
 * and so is one of another version or with other decimals, whose integers mean something else.
 */
export class FeedNames {
  private readonly names = new Map<number, string>();
  private readonly versions = new Map<number, number>();
  private readonly indices: ReadonlyMap<string, number>;

  constructor(private readonly plan: OraclePlan) {
    this.indices = new Map(plan.feeds.map(({ id }, index) => [id, index]));
  }

  /** The entry with the indices of the plan in force. Entries go in in order, from one that has a leaf of every feed. */
  translate(entry: LedgerEntry): LedgerEntry {
    for (const { index, bytes } of entry.cut.leaves) {
      const name = decodeFeedId(bytes.subarray(NAME_AT, NAME_AT + FEED_ID_BYTES));
      if (name !== undefined) this.names.set(index >> 1, name);
      if (index === priceLeafIndex(index >> 1)) this.versions.set(index >> 1, decodePriceLeaf(bytes).assetVersion);
    }
    const reports = entry.cut.reports.flatMap((report) =>
      this.indexOf(report.feed)
        .filter((feed) => this.isSame(feed, report, entry))
        .map((feed) => ({ ...report, feed })),
    );
    const halts = entry.cut.halts.flatMap((feed) => this.indexOf(feed));
    const rates = entry.cut.rates?.flatMap((standing) =>
      this.indexOf(standing.feed)
        .filter((feed) => this.plan.feeds[feed]?.asset.version === this.versions.get(standing.feed))
        .map((feed) => ({ ...standing, feed })),
    );
    const translated = { reports, halts, verdicts: NO_VERDICTS, ...(rates === undefined ? {} : { rates }) };
    return { ...entry, cut: { ...entry.cut, ...translated } };
  }

  private isSame(feed: number, report: Report, { cut }: LedgerEntry): boolean {
    const plan = this.plan.feeds[feed];
    const leaf = cut.leaves.find(({ index }) => index === priceLeafIndex(report.feed));
    if (plan === undefined || leaf === undefined) return false;
    const { decimals, assetVersion } = decodePriceLeaf(leaf.bytes);
    return decimals === plan.decimals && assetVersion === plan.asset.version;
  }

  private indexOf(feed: number): readonly number[] {
    const index = this.indices.get(this.names.get(feed) ?? '');
    return index === undefined ? [] : [index];
  }
}

/** Sources have no names in an entry; verdicts of another configuration mean nothing here. */
const NO_VERDICTS: LedgerEntry['cut']['verdicts'] = {
  source: new Uint32Array(),
  code: new Uint8Array(),
  weight: new Float64Array(),
  measured: new Float64Array(),
  limit: new Float64Array(),
  depth: new Float32Array(),
};
