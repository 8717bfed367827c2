import type { FeedPlan, OraclePlan } from '../plan';
import type { Dependence, FeedRisk, Risk } from '../risk/figures';
import { encodeDependenceLeaf, feedsHash, MATRICES, rowBlocks, valuesIn } from './dependence-leaf';
import { encodeHorizonLeaf } from './horizon-leaf';
import type { Keccak } from './keccak';
import { encodeMarginLeaf } from './margin-leaf';
import { NO_ROOT } from './packed-groups';
import { roundedCorrelations, roundedHorizons, roundedMargin } from './rounded-risk';
import { SnapshotTree } from './snapshot-tree';

/** A leaf's bytes and the siblings that lead from it to the risk root. */
export interface RiskLeaf {
  readonly bytes: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * The slow figures of one instant under a root of their own: for each feed a leaf for each horizon and one for margin,
 * then the blocks of the matrices. It is built as a whole, since on its grid everything changes.
 */
export class RiskTree {
  private readonly leaves: readonly Uint8Array[];
  private readonly tree: SnapshotTree | undefined;
  /** By feed, where its leaves begin and end. */
  private readonly places = new Map<number, readonly [number, number]>();
  private readonly dependenceFrom: number;

  constructor(
    readonly risk: Risk,
    plan: Pick<OraclePlan, 'feeds'>,
    keccak: Keccak,
  ) {
    const leaves: Uint8Array[] = [];
    for (const feed of risk.feeds) {
      const from = leaves.length;
      leaves.push(...leavesOf(risk, feed, feedOf(plan, feed.feed)));
      this.places.set(feed.feed, [from, leaves.length]);
    }
    this.dependenceFrom = leaves.length;
    if (risk.dependence !== undefined) leaves.push(...blocksOf(risk, risk.dependence, plan, keccak));
    this.leaves = leaves;
    this.tree = leaves.length === 0 ? undefined : new SnapshotTree(leaves.length, keccak);
    for (const [index, bytes] of leaves.entries()) this.tree?.set(index, bytes);
  }

  get root(): Uint8Array {
    return this.tree?.root() ?? NO_ROOT;
  }

  /** A feed's horizons in their order, then its margin; none where nothing is said of it. */
  feed(feed: number): RiskLeaf[] {
    const [from, to] = this.places.get(feed) ?? [0, 0];
    return this.between(from, to);
  }

  /** The blocks of the correlation, then those of the stress matrix. */
  dependence(): RiskLeaf[] {
    return this.between(this.dependenceFrom, this.leaves.length);
  }

  private between(from: number, to: number): RiskLeaf[] {
    const { tree } = this;
    if (tree === undefined) return [];
    return this.leaves.slice(from, to).map((bytes, index) => ({ bytes, proof: tree.proof(from + index) }));
  }
}

function leavesOf(risk: Risk, feed: FeedRisk, plan: FeedPlan): Uint8Array[] {
  const margin = encodeMarginLeaf(roundedMargin(risk, feed, plan));
  return [...roundedHorizons(risk, feed, plan).map(encodeHorizonLeaf), margin];
}

function blocksOf(
  { asOf, modelVersion }: Risk,
  dependence: Dependence,
  plan: Pick<OraclePlan, 'feeds'>,
  keccak: Keccak,
): Uint8Array[] {
  const feeds = dependence.feeds.map((feed) => feedOf(plan, feed));
  const { observations } = dependence;
  const head = { asOf, modelVersion, observations, feeds: feeds.length, feedsHash: feedsHash(feeds, keccak) };
  return MATRICES.flatMap((matrix) => {
    const all = roundedCorrelations(dependence[matrix], dependence);
    let from = 0;
    return rowBlocks(feeds.length).map(({ firstRow, rows }) => {
      const values = all.subarray(from, from + valuesIn(feeds.length, firstRow, rows));
      from += values.length;
      return encodeDependenceLeaf({ ...head, matrix, firstRow, rows, values });
    });
  });
}

function feedOf({ feeds }: Pick<OraclePlan, 'feeds'>, index: number): FeedPlan {
  const feed = feeds[index];
  if (feed === undefined) throw new RangeError(`risk speaks of feed ${index}, and there are ${feeds.length}`);
  return feed;
}
