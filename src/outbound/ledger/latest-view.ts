import type { Header, Liquidity } from '../../oracle/cut';
import type { OraclePlan } from '../../oracle/plan';
import type { Figures, Report } from '../../oracle/report';
import type { Risk } from '../../oracle/risk/figures';
import { EvidenceHash } from '../../oracle/reporting/evidence-hash';
import type { Keccak } from '../../oracle/reporting/keccak';
import { figuresLeafIndex, priceLeafIndex } from '../../oracle/reporting/leaf';
import { PackedGroups } from '../../oracle/reporting/packed-groups';
import { RiskTree } from '../../oracle/reporting/risk-tree';
import { SnapshotTree } from '../../oracle/reporting/snapshot-tree';
import type { EpochMs } from '../../oracle/units/time';
import { verdictRows, type VerdictRow } from '../../oracle/verdict';
import type { LedgerEntry } from './ledger';

export interface SignedHeader {
  readonly at: EpochMs;
  readonly header: Header;
  readonly signature: Uint8Array;
}

/** A leaf's bytes and the siblings that lead from it to the root of the signed header. */
export interface ProvedLeaf {
  readonly bytes: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** What has changed since listeners last heard, as sets of feed indices. */
export interface Changes {
  readonly at: EpochMs;
  readonly reports: ReadonlySet<number>;
  readonly figures: ReadonlySet<number>;
  /** All risk figures are new. */
  readonly risk: boolean;
}

/** Why nothing can be served just now. */
export type ViewTrouble = 'noSnapshot' | 'rootMismatch' | 'snapshotExpired';

/**
 * What is true now: the ledger's entries, folded. Whoever serves prices reads them here, so that all serve the same.
 *
 * Leaves are hashed again and held against the signed root. While they differ (entries before the first that was read
 * are missing) `signed` is undefined and listeners hear nothing: what cannot be proved is not served.
 */
export class LatestView {
  private readonly tree: SnapshotTree;
  private readonly packed: PackedGroups;
  private readonly evidenceHash: EvidenceHash;
  /** The header under which groups were last packed; they lead to it where `isPacked`. */
  private packedUnder: SignedHeader | undefined;
  private isPacked = false;
  private readonly leaves: Uint8Array[] = [];
  private readonly reports: Report[] = [];
  private readonly figures: Figures[] = [];
  private readonly liquidity: Liquidity[] = [];
  private newestRisk: Risk | undefined;
  /** Of the newest risk, once somebody has asked. */
  private riskTree: RiskTree | undefined;
  private readonly verdicts: VerdictRow[] = [];
  private readonly listeners = new Set<(changes: Changes) => void>();
  private changedReports = new Set<number>();
  private changedFigures = new Set<number>();
  private changedRisk = false;
  private newest: SignedHeader | undefined;
  private proved = false;

  /** @param configHash entries under any other are passed over: their indices name other feeds. */
  constructor(
    private readonly plan: Pick<OraclePlan, 'feeds' | 'groups'>,
    private readonly configHash: Uint8Array,
    private readonly keccak: Keccak,
  ) {
    this.tree = new SnapshotTree(2 * plan.feeds.length, keccak);
    this.packed = new PackedGroups(plan, keccak);
    this.evidenceHash = new EvidenceHash(keccak);
  }

  fold({ cut, signature }: LedgerEntry): void {
    if (Buffer.compare(cut.header.configHash, this.configHash) !== 0) return;
    for (const { index, bytes } of cut.leaves) {
      this.tree.set(index, bytes);
      this.leaves[index] = bytes;
    }
    // The first cut after a start repeats what has not changed: that is no news.
    for (const report of cut.reports) {
      if (this.reports[report.feed]?.sequence !== report.sequence) this.changedReports.add(report.feed);
      this.reports[report.feed] = report;
      this.packed.take(report);
    }
    for (const figures of cut.figures) {
      if (this.figures[figures.feed]?.cut !== figures.cut) this.changedFigures.add(figures.feed);
      this.figures[figures.feed] = figures;
    }
    for (const liquidity of cut.liquidity ?? []) this.liquidity[liquidity.feed] = liquidity;
    if (cut.risk !== undefined) this.foldRisk(cut.risk);
    for (const row of verdictRows(cut.verdicts)) this.verdicts[row.source] = row;
    this.newest = { at: cut.at, header: cut.header, signature };
    this.proved = Buffer.compare(this.tree.root(), cut.header.root) === 0;
    if (this.proved) this.announce(cut.at);
  }

  /** Calls after each fold, before `fold` returns. Returns what ends the calls. A listener must not throw. */
  onFold(listener: (changes: Changes) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The newest header that the leaves at hand lead to. */
  get signed(): SignedHeader | undefined {
    return this.proved ? this.newest : undefined;
  }

  trouble(now: EpochMs): ViewTrouble | undefined {
    if (this.newest === undefined) return 'noSnapshot';
    if (!this.proved) return 'rootMismatch';
    return now > this.newest.header.validUntil ? 'snapshotExpired' : undefined;
  }

  report(feed: number): Report | undefined {
    return this.reports[feed];
  }

  /** Undefined until a feed has some. */
  figuresOf(feed: number): Figures | undefined {
    return this.figures[feed];
  }

  /** Undefined until it is known; not signed. */
  liquidityOf(feed: number): Liquidity | undefined {
    return this.liquidity[feed];
  }

  /** The verdict on a source when its feed was last evaluated. */
  verdict(source: number): VerdictRow | undefined {
    return this.verdicts[source];
  }

  priceLeaf(feed: number): ProvedLeaf | undefined {
    return this.leaf(priceLeafIndex(feed));
  }

  figuresLeaf(feed: number): ProvedLeaf | undefined {
    return this.leaf(figuresLeafIndex(feed));
  }

  /** A group's words as of the newest cut, packed when somebody asks; undefined where they do not lead to its packed root. */
  groupLeaf(group: number): ProvedLeaf | undefined {
    const { signed } = this;
    if (signed === undefined) return undefined;
    if (this.packedUnder !== signed) {
      this.isPacked = Buffer.compare(this.packed.pack(signed.header.cut), signed.header.packedRoot) === 0;
      this.packedUnder = signed;
    }
    const bytes = this.packed.leaf(group);
    return this.isPacked && bytes ? { bytes, proof: this.packed.proof(group) } : undefined;
  }

  /** What a packed message says of a header beside the group. */
  evidence(header: Header): Uint8Array {
    return this.evidenceHash.of(header);
  }

  /** By which contracts know a group. */
  groupHash(group: number): Uint8Array | undefined {
    return this.packed.hash(group);
  }

  /** The risk figures in force with their leaves; undefined before the first, and where they do not lead to the signed risk root. */
  get risk(): RiskTree | undefined {
    const { signed, newestRisk } = this;
    if (signed === undefined || newestRisk === undefined) return undefined;
    this.riskTree ??= new RiskTree(newestRisk, this.plan, this.keccak);
    return Buffer.compare(this.riskTree.root, signed.header.riskRoot) === 0 ? this.riskTree : undefined;
  }

  private foldRisk(risk: Risk): void {
    if (this.newestRisk?.asOf === risk.asOf) return;
    this.newestRisk = risk;
    this.riskTree = undefined;
    this.changedRisk = true;
  }

  private leaf(index: number): ProvedLeaf | undefined {
    const bytes = this.leaves[index];
    return this.proved && bytes ? { bytes, proof: this.tree.proof(index) } : undefined;
  }

  private announce(at: EpochMs): void {
    const changes = { at, reports: this.changedReports, figures: this.changedFigures, risk: this.changedRisk };
    this.changedReports = new Set();
    this.changedFigures = new Set();
    this.changedRisk = false;
    for (const listener of this.listeners) listener(changes);
  }
}
