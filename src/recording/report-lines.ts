import type { Cut, Liquidity } from '../oracle/cut';
import type { FeedPlan, OraclePlan } from '../oracle/plan';
import { type Figures, type Report, TWAP_WINDOWS } from '../oracle/report';
import { dependenceWords, riskWords } from '../oracle/reporting/risk-words';
import type { Risk } from '../oracle/risk/figures';
import { formatMantissa } from '../oracle/units/decimal';
import { type VerdictRow, verdictRows } from '../oracle/verdict';

/** Which lines a cut gives besides its reports and alerts. */
export interface ReportLineOptions {
  readonly verdicts?: boolean;
  readonly risk?: boolean;
  /** The header with its digest and signature, and the canonical bytes of each changed leaf. */
  readonly bytes?: boolean;
}

/** What accompanies a cut and is not in it. */
export interface CutExtras {
  /** Alert changes, written as they are. */
  readonly alerts?: readonly object[];
  /** The header's EIP-712 digest. */
  readonly digest?: Uint8Array;
  readonly signature?: Uint8Array;
}

/**
 * Writes cuts as the NDJSON of `docs/recording.md`, without newlines. A replay and an export of the ledger both go
 * through it, so that a live service and its replay can be compared byte by byte. It remembers each feed's newest
 * figures, so cuts go in from the first one on, or from any that has the figures of all feeds.
 */
export class ReportLines {
  private readonly twaps: Record<string, string>[];

  constructor(
    private readonly plan: OraclePlan,
    private readonly options: ReportLineOptions = {},
  ) {
    this.twaps = plan.feeds.map(() => ({}));
  }

  of(cut: Cut, extras: CutExtras = {}): string[] {
    for (const figures of cut.figures) this.twaps[figures.feed] = twapOf(figures, this.feed(figures.feed).decimals);
    const { verdicts, risk, bytes } = this.options;
    return [
      ...cut.reports.map((report) => this.reportOf(cut, report)),
      ...(verdicts === true ? this.verdictsOf(cut) : []),
      ...(risk === true ? cut.figures.map((figures) => this.riskOf(cut, figures)) : []),
      ...(risk === true ? (cut.liquidity ?? []).map((liquidity) => this.liquidityOf(cut, liquidity)) : []),
      ...(risk === true && cut.risk !== undefined ? this.slowRiskOf(cut, cut.risk) : []),
      ...(extras.alerts ?? []).map((alert) => ({ at: cut.at, alert })),
      ...(bytes === true ? [bytesOf(cut, extras)] : []),
    ].map((line) => JSON.stringify(line));
  }

  private reportOf(cut: Cut, report: Report): object {
    const { id, decimals } = this.feed(report.feed);
    const decimal = (mantissa: number | undefined): string | undefined =>
      mantissa === undefined ? undefined : formatMantissa(mantissa, decimals);
    return {
      at: cut.at,
      cut: cut.number,
      feed: id,
      sequence: report.sequence,
      observedAt: report.observedAt,
      price: decimal(report.prices?.price),
      low: decimal(report.prices?.low),
      high: decimal(report.prices?.high),
      collateral: decimal(report.prices?.collateral),
      liability: decimal(report.prices?.liability),
      twap: this.twaps[report.feed],
      status: report.status,
      reasons: report.reasons,
      permits: report.permits,
      sources: { used: report.sources.used, upstreams: report.sources.upstreams },
      dispersionBps: report.dispersionBps,
    };
  }

  /** One line for each feed that was evaluated, in the order of the plan. */
  private verdictsOf(cut: Cut): object[] {
    const byFeed = new Map<number, object[]>();
    for (const row of verdictRows(cut.verdicts)) {
      const source = this.plan.sources[row.source];
      if (source === undefined) throw new RangeError(`the plan has no source ${row.source}`);
      const rows = byFeed.get(source.feed) ?? [];
      if (rows.length === 0) byFeed.set(source.feed, rows);
      rows.push(verdictOf(source.id, row));
    }
    return [...byFeed]
      .sort(([a], [b]) => a - b)
      .map(([feed, verdicts]) => ({ at: cut.at, cut: cut.number, feed: this.feed(feed).id, verdicts }));
  }

  private riskOf(cut: Cut, figures: Figures): object {
    const { id, decimals } = this.feed(figures.feed);
    const risk = {
      volatilityPpm: figures.volatilityPpm,
      observations: figures.observations,
      stable: figures.stable === undefined ? undefined : formatMantissa(figures.stable, decimals),
      twapCoverageBps: Object.fromEntries(TWAP_WINDOWS.map((window, i) => [window, figures.twaps[i]?.coverageBps])),
    };
    return { at: cut.at, cut: cut.number, feed: id, risk };
  }

  private liquidityOf(cut: Cut, { feed, costToMove, upstreams }: Liquidity): object {
    const voters = upstreams.map(({ upstream, weight, depth }) => ({
      upstream: this.plan.upstreams[upstream],
      weight,
      depth,
    }));
    return { at: cut.at, cut: cut.number, feed: this.feed(feed).id, liquidity: { costToMove, upstreams: voters } };
  }

  /** A line for each feed, and one for how they move together. */
  private slowRiskOf(cut: Cut, risk: Risk): object[] {
    const { at, number } = cut;
    const { dependence } = risk;
    const feeds = risk.feeds.map(({ feed }) => {
      return { at, cut: number, feed: this.feed(feed).id, margin: riskWords(risk, feed, this.plan) };
    });
    if (dependence === undefined) return feeds;
    const ids = dependence.feeds.map((feed) => this.feed(feed).id);
    return [...feeds, { at, cut: number, dependence: { feeds: ids, ...dependenceWords(risk, dependence) } }];
  }

  private feed(index: number): FeedPlan {
    const feed = this.plan.feeds[index];
    if (feed === undefined) throw new RangeError(`the plan has no feed ${index}`);
    return feed;
  }
}

function twapOf(figures: Figures, decimals: number): Record<string, string> {
  const known: Record<string, string> = {};
  for (const [i, window] of TWAP_WINDOWS.entries()) {
    const price = figures.twaps[i]?.price;
    if (price !== undefined) known[window] = formatMantissa(price, decimals);
  }
  return known;
}

/** A figure that was not measured (NaN, which JSON cannot hold) is absent. */
function verdictOf(source: string, row: VerdictRow): object {
  const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);
  const { verdict, weight, measured, limit, depth } = row;
  return { source, verdict, weight, measured: finite(measured), limit: finite(limit), depth: finite(depth) };
}

function bytesOf(cut: Cut, { digest, signature }: CutExtras): object {
  const { header } = cut;
  return {
    at: cut.at,
    cut: cut.number,
    header: {
      cut: header.cut,
      root: hex(header.root),
      riskRoot: hex(header.riskRoot),
      packedRoot: hex(header.packedRoot),
      configHash: hex(header.configHash),
      signerEpoch: header.signerEpoch,
      validUntil: header.validUntil,
    },
    digest: digest === undefined ? undefined : hex(digest),
    signature: signature === undefined ? undefined : hex(signature),
    leaves: cut.leaves.map(({ index, bytes }) => ({ index, bytes: hex(bytes) })),
  };
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}
