import type { FeedPlan, OraclePlan } from '../plan';
import { type Dependence, type Risk, RISK_HORIZONS } from '../risk/figures';
import { encodeDependenceLeaf, feedsHash, MATRICES, rowBlocks } from './dependence-leaf';
import { encodeHorizonLeaf } from './horizon-leaf';
import type { Keccak } from './keccak';
import { encodeMarginLeaf } from './margin-leaf';
import { NO_ROOT } from './packed-groups';
import { roundedCorrelations, roundedHorizons, roundedMargin } from './rounded-risk';
import { SnapshotTree } from './snapshot-tree';

/** A feed's horizons and its margin. */
const LEAVES_A_FEED = RISK_HORIZONS.length + 1;

/** A leaf's bytes and the siblings that lead from it to the risk root. */
export interface RiskLeaf {
  readonly bytes: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * The slow figures of one instant under a root of their own: for each feed a leaf for each horizon and one for margin,
 * then the blocks of the matrices. On its grid everything changes, so it is written anew each time: by and by where
 * somebody says so, else as soon as it is asked for anything.
 */
export class RiskTree {
  /** Leaves to be written. */
  readonly size: number;
  private readonly leaves: Uint8Array[] = [];
  private readonly tree: SnapshotTree | undefined;
  private readonly work: Iterator<Uint8Array, void>;
  /** Of each feed that is spoken of, its place among them. */
  private readonly places: ReadonlyMap<number, number>;

  /** Throws RangeError for a feed that the plan does not have. */
  constructor(
    readonly risk: Risk,
    plan: Pick<OraclePlan, 'feeds'>,
    keccak: Keccak,
  ) {
    const { feeds, dependence } = risk;
    for (const { feed } of feeds) feedOf(plan, feed);
    const blocks = dependence === undefined ? 0 : MATRICES.length * rowBlocks(dependence.feeds.length).length;
    this.size = feeds.length * LEAVES_A_FEED + blocks;
    this.places = new Map(feeds.map(({ feed }, place) => [feed, place]));
    this.tree = this.size === 0 ? undefined : new SnapshotTree(this.size, keccak);
    this.work = leavesOf(risk, plan, keccak);
  }

  /** Writes the leaves up to so many, and hashes them. */
  write(count: number): void {
    const { leaves, tree } = this;
    while (leaves.length < Math.min(count, this.size)) {
      const leaf = this.work.next().value;
      if (leaf === undefined) throw new RangeError(`a tree of ${this.size} leaves has only ${leaves.length}`);
      tree?.set(leaves.length, leaf);
      leaves.push(leaf);
    }
    tree?.root();
  }

  get root(): Uint8Array {
    this.write(this.size);
    return this.tree?.root() ?? NO_ROOT;
  }

  /** A feed's horizons in their order, then its margin; none where nothing is said of it. */
  feed(feed: number): RiskLeaf[] {
    const place = this.places.get(feed);
    return place === undefined ? [] : this.between(place * LEAVES_A_FEED, (place + 1) * LEAVES_A_FEED);
  }

  /** The blocks of the correlation, then those of the stress matrix. */
  dependence(): RiskLeaf[] {
    return this.between(this.places.size * LEAVES_A_FEED, this.size);
  }

  private between(from: number, to: number): RiskLeaf[] {
    this.write(this.size);
    const { tree } = this;
    if (tree === undefined) return [];
    return this.leaves.slice(from, to).map((bytes, index) => ({ bytes, proof: tree.proof(from + index) }));
  }
}

function* leavesOf(risk: Risk, plan: Pick<OraclePlan, 'feeds'>, keccak: Keccak): Generator<Uint8Array, void> {
  for (const feed of risk.feeds) {
    const of = feedOf(plan, feed.feed);
    for (const horizon of roundedHorizons(risk, feed, of)) yield encodeHorizonLeaf(horizon);
    yield encodeMarginLeaf(roundedMargin(risk, feed, of));
  }
  if (risk.dependence !== undefined) yield* blocksOf(risk, risk.dependence, plan, keccak);
}

function* blocksOf(
  { asOf, modelVersion }: Risk,
  dependence: Dependence,
  plan: Pick<OraclePlan, 'feeds'>,
  keccak: Keccak,
): Generator<Uint8Array, void> {
  const feeds = dependence.feeds.map((feed) => feedOf(plan, feed));
  const { observations } = dependence;
  const head = { asOf, modelVersion, observations, feeds: feeds.length, feedsHash: feedsHash(feeds, keccak) };
  for (const matrix of MATRICES) {
    for (const block of rowBlocks(feeds.length)) {
      const values = roundedCorrelations(dependence[matrix], dependence, block);
      yield encodeDependenceLeaf({ ...head, ...block, matrix, values });
    }
  }
}

function feedOf({ feeds }: Pick<OraclePlan, 'feeds'>, index: number): FeedPlan {
  const feed = feeds[index];
  if (feed === undefined) throw new RangeError(`risk speaks of feed ${index}, and there are ${feeds.length}`);
  return feed;
}
