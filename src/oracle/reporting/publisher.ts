import type { ChangedLeaf, Header } from '../cut';
import type { OraclePlan } from '../plan';
import type { Figures, Report } from '../report';
import type { Risk } from '../risk/figures';
import { validUntil, type EpochMs } from '../units/time';
import { FiguresLeafEncoder } from './figures-leaf';
import type { Keccak } from './keccak';
import { figuresLeafIndex, priceLeafIndex } from './leaf';
import { NO_ROOT, PackedGroups } from './packed-groups';
import { PriceLeafEncoder } from './price-leaf';
import { RiskTree } from './risk-tree';
import { SnapshotTree } from './snapshot-tree';

export interface PublisherOptions {
  readonly keccak: Keccak;
  /** SHA-256 of the plan, 32 bytes. */
  readonly configHash: Uint8Array;
  /** Which set of signers is in force; rises when they rotate. */
  readonly signerEpoch: number;
}

/** Turns what changed at a cut into canonical leaves and the header over all of them. */
export class Publisher {
  private readonly priceEncoders: readonly PriceLeafEncoder[];
  private readonly figuresEncoders: readonly FiguresLeafEncoder[];
  private readonly tree: SnapshotTree;
  private readonly packed: PackedGroups;
  /** Stands in every header until the next. */
  riskRoot: Uint8Array = NO_ROOT;

  constructor(
    private readonly plan: OraclePlan,
    private readonly options: PublisherOptions,
  ) {
    this.priceEncoders = plan.feeds.map((feed) => new PriceLeafEncoder(feed));
    this.figuresEncoders = plan.feeds.map((feed) => new FiguresLeafEncoder(feed));
    this.tree = new SnapshotTree(2 * plan.feeds.length, options.keccak);
    this.packed = new PackedGroups(plan, options.keccak);
  }

  leaves(reports: readonly Report[], figures: readonly Figures[]): ChangedLeaf[] {
    const leaves: ChangedLeaf[] = [];
    for (const report of reports) {
      const bytes = (this.priceEncoders[report.feed] as PriceLeafEncoder).encode(report);
      leaves.push({ index: priceLeafIndex(report.feed), bytes });
      this.packed.take(report);
    }
    for (const figure of figures) {
      const bytes = (this.figuresEncoders[figure.feed] as FiguresLeafEncoder).encode(figure);
      leaves.push({ index: figuresLeafIndex(figure.feed), bytes });
    }
    for (const { index, bytes } of leaves) this.tree.set(index, bytes);
    return leaves;
  }

  /** To be written; its root is `riskRoot` once that is set. */
  riskTree(risk: Risk): RiskTree {
    return new RiskTree(risk, this.plan, this.options.keccak);
  }

  header(cut: number, at: EpochMs): Header {
    const { configHash, signerEpoch } = this.options;
    const root = this.tree.root();
    return {
      cut,
      root,
      riskRoot: this.riskRoot,
      packedRoot: this.packed.pack(cut),
      configHash,
      signerEpoch,
      validUntil: validUntil(at, this.plan.cuts),
    };
  }
}
