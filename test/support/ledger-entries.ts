import type { Cut } from '../../src/oracle/cut';
import type { OraclePlan } from '../../src/oracle/plan';
import { TWAP_WINDOWS, type Figures, type Report } from '../../src/oracle/report';
import type { Risk } from '../../src/oracle/risk/figures';
import { FiguresLeafEncoder } from '../../src/oracle/reporting/figures-leaf';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { figuresLeafIndex, priceLeafIndex } from '../../src/oracle/reporting/leaf';
import { PackedGroups } from '../../src/oracle/reporting/packed-groups';
import { PriceLeafEncoder } from '../../src/oracle/reporting/price-leaf';
import { RiskTree } from '../../src/oracle/reporting/risk-tree';
import { SnapshotTree } from '../../src/oracle/reporting/snapshot-tree';
import { cutInstant } from '../../src/oracle/units/time';
import { verdictCode } from '../../src/oracle/verdict';
import type { LedgerEntry } from '../../src/outbound/ledger/ledger';
import { planOf } from './plans';

export interface CutScript {
  /** Feed ids and their new prices in hundredths; undefined halts the feed. */
  readonly prices?: Readonly<Record<string, number | undefined>>;
  /** Feed ids whose figures are refreshed. */
  readonly figures?: readonly string[];
  /** Whose root stands in this entry's header and in those that follow. */
  readonly risk?: Risk;
  readonly checkpoint?: unknown;
}

/** A plan of feeds with two decimals and two sources each. */
export function twoSourcesEach(...feeds: string[]): OraclePlan {
  return planOf(Object.fromEntries(feeds.map((id) => [id, { sources: { binance: {}, kraken: {} } }])));
}

/** Writes ledger entries whose leaves and roots are real, as the oracle would; the signature is 65 times the byte 7. */
export class EntryBuilder {
  private readonly tree: SnapshotTree;
  private readonly packed: PackedGroups;
  private readonly sequences: number[];
  private riskRoot: Uint8Array = new Uint8Array(32);

  constructor(
    readonly plan: OraclePlan,
    private readonly keccak: Keccak,
  ) {
    this.tree = new SnapshotTree(2 * plan.feeds.length, keccak);
    this.packed = new PackedGroups(plan, keccak);
    this.sequences = plan.feeds.map(() => 0);
  }

  /** Every feed at a price of 100.00, with figures: what a first cut holds. */
  first(cut: number, checkpoint?: unknown): LedgerEntry {
    const ids = this.plan.feeds.map(({ id }) => id);
    return this.entry(cut, { prices: Object.fromEntries(ids.map((id) => [id, 10_000])), figures: ids, checkpoint });
  }

  entry(number: number, { prices = {}, figures = [], risk, checkpoint }: CutScript = {}): LedgerEntry {
    const reports = Object.entries(prices).map(([id, price]) => this.report(this.index(id), number, price));
    const refreshed = figures.map((id) => figuresOf(this.index(id), number));
    const leaves = [
      ...reports.map((report) => ({
        index: priceLeafIndex(report.feed),
        bytes: new PriceLeafEncoder(this.feed(report.feed)).encode(report),
      })),
      ...refreshed.map((figure) => ({
        index: figuresLeafIndex(figure.feed),
        bytes: new FiguresLeafEncoder(this.feed(figure.feed)).encode(figure),
      })),
    ];
    for (const { index, bytes } of leaves) this.tree.set(index, bytes);
    for (const report of reports) this.packed.take(report);
    if (risk !== undefined) this.riskRoot = new RiskTree(risk, this.plan, this.keccak).root;
    const cut: Cut = {
      number,
      at: cutInstant(number),
      reports,
      figures: refreshed,
      verdicts: verdictsOf(reports.map(({ feed }) => feed)),
      halts: [],
      ...(risk && { risk }),
      leaves,
      header: {
        cut: number,
        root: this.tree.root(),
        riskRoot: this.riskRoot,
        packedRoot: this.packed.pack(number),
        configHash: new Uint8Array(32).fill(3),
        signerEpoch: 1,
        validUntil: cutInstant(number) + this.plan.cuts.validForMs,
      },
    };
    const entry = { cut, signature: new Uint8Array(65).fill(7), alerts: [], operator: [] };
    return checkpoint === undefined ? entry : { ...entry, checkpoint };
  }

  private report(feed: number, cut: number, price: number | undefined): Report {
    const sequence = (this.sequences[feed] ?? 0) + 1;
    this.sequences[feed] = sequence;
    const said = { feed, sequence, cut, sources: { used: 2, upstreams: 2 }, dispersionBps: 1.5 };
    if (price === undefined) {
      const permits = ['repay', 'topUp'] as const;
      return {
        ...said,
        status: 'halted',
        reasons: ['tooFewUpstreams'],
        permits,
        observedAt: undefined,
        prices: undefined,
      };
    }
    return {
      ...said,
      status: 'ok',
      reasons: [],
      permits: ['open', 'withdraw', 'liquidate', 'repay', 'topUp'],
      observedAt: cutInstant(cut),
      prices: { price, low: price - 10, high: price + 10, collateral: price - 10, liability: price + 10 },
    };
  }

  private index(id: string): number {
    return this.plan.feeds.findIndex((feed) => feed.id === id);
  }

  private feed(index: number): OraclePlan['feeds'][number] {
    return this.plan.feeds[index]!;
  }
}

/** The first source of a feed (of the two that each has here) is used, the second has never spoken. */
function verdictsOf(feeds: readonly number[]): Cut['verdicts'] {
  return {
    source: Uint32Array.from(feeds.flatMap((feed) => [2 * feed, 2 * feed + 1])),
    code: Uint8Array.from(feeds.flatMap(() => [verdictCode('used'), verdictCode('silent')])),
    weight: Float64Array.from(feeds.flatMap(() => [1, 0])),
    measured: Float64Array.from(feeds.flatMap(() => [100.125, Number.NaN])),
    limit: Float64Array.from(feeds.flatMap(() => [Number.NaN, 5_000])),
    depth: Float32Array.from(feeds.flatMap(() => [12_500, Number.NaN])),
  };
}

function figuresOf(feed: number, cut: number): Figures {
  const twaps = TWAP_WINDOWS.map((_, window) =>
    window === 3 ? { price: undefined, coverageBps: 2_500 } : { price: 10_001, coverageBps: 10_000 },
  );
  return { feed, cut, twaps, stable: 9_999, volatilityPpm: 800_000, observations: 60 };
}
