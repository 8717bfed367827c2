import type { OraclePlan } from '../plan';
import type { Report } from '../report';
import type { Keccak } from './keccak';
import { PackedGroup } from './packed-group';
import { SnapshotTree } from './snapshot-tree';

/** A root that does not exist is zero, so that the signed struct never changes its shape. */
export const NO_ROOT = new Uint8Array(32);

/** The words that contracts store, of all groups, as of one cut and under one root. */
export class PackedGroups {
  private readonly groups: readonly PackedGroup[];
  private readonly tree: SnapshotTree | undefined;
  private readonly leaves: Uint8Array[] = [];
  private readonly reports: Report[] = [];

  constructor(
    private readonly plan: Pick<OraclePlan, 'feeds' | 'groups'>,
    keccak: Keccak,
  ) {
    this.groups = plan.groups.map(
      ({ feeds }) =>
        new PackedGroup(
          feeds.map((feed) => feedOf(plan, feed)),
          keccak,
        ),
    );
    this.tree = plan.groups.length === 0 ? undefined : new SnapshotTree(plan.groups.length, keccak);
  }

  /** What a feed says from now on. */
  take(report: Report): void {
    this.reports[report.feed] = report;
  }

  /** Packs what all feeds say, as of a cut, and returns the root: every word carries the cut, so every group changes. */
  pack(cut: number): Uint8Array {
    const { tree } = this;
    if (tree === undefined) return NO_ROOT;
    for (const [index, group] of this.groups.entries()) {
      const feeds = this.plan.groups[index]?.feeds ?? [];
      const leaf = group.leaf(
        feeds.map((feed) => this.reports[feed]),
        cut,
      );
      this.leaves[index] = leaf;
      tree.set(index, leaf);
    }
    return tree.root();
  }

  /** As last packed. */
  leaf(group: number): Uint8Array | undefined {
    return this.leaves[group];
  }

  /** The siblings from a group's leaf to the root that `pack` returned. */
  proof(group: number): readonly Uint8Array[] {
    return this.tree?.proof(group) ?? [];
  }

  /** By which contracts know a group. */
  hash(group: number): Uint8Array | undefined {
    return this.groups[group]?.hash;
  }
}

function feedOf({ feeds }: Pick<OraclePlan, 'feeds'>, index: number): OraclePlan['feeds'][number] {
  const feed = feeds[index];
  if (feed === undefined) throw new RangeError(`a group lists feed ${index}, and there are ${feeds.length}`);
  return feed;
}
