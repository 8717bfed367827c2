import type { OraclePlan } from '../../oracle/plan';
import { type Figures, type Report, TWAP_WINDOWS } from '../../oracle/report';
import { compactSignature, encodePackedMessage } from '../../oracle/reporting/packed-message';
import type { RiskTree } from '../../oracle/reporting/risk-tree';
import { dependenceWords, riskWords } from '../../oracle/reporting/risk-words';
import { sharedFactors } from '../../oracle/risk/dependence/shared-factors';
import type { Dependence } from '../../oracle/risk/figures';
import { formatMantissa } from '../../oracle/units/decimal';
import type { LatestView, ProvedLeaf, SignedHeader } from './latest-view';

const SIGNATURE_BYTES = 65;
/** More than a loading knows. */
const LOADING_DIGITS = 6;

/**
 * The JSON that stream and REST send (docs/stream.md), written once per cut and feed however many readers there are.
 * Only to be asked while the view has a signed header.
 */
export class PublishedText {
  private written: SignedHeader | undefined;
  private signedHeader = '';
  private readonly reports = new Map<string, string>();
  private readonly groups = new Map<number, string>();
  /** Of `riskWritten`; what is written of risk outlives a cut. */
  private readonly risks = new Map<number, string | undefined>();
  private riskWritten: RiskTree | undefined;
  private togetherWritten: string | undefined;

  private readonly factors: readonly object[];

  constructor(
    private readonly plan: OraclePlan,
    private readonly view: LatestView,
  ) {
    this.factors = factorsIn(plan);
  }

  /** `"header":{…},"signature":"0x…"` */
  header(): string {
    this.forgetOlderCuts();
    return this.signedHeader;
  }

  /** `{"feed":…,"price":{leaf, proof},"figures":{leaf, proof},"view":{…}}`; figures only if wanted and known. */
  report(feed: number, withFigures: boolean): string {
    this.forgetOlderCuts();
    const key = `${feed} ${withFigures}`;
    const written = this.reports.get(key) ?? this.write(feed, withFigures);
    this.reports.set(key, written);
    return written;
  }

  /** `{"feed":…,"price":["0x…"],"figures":["0x…"]}`: where leaves sent earlier now stand in the tree. */
  proofs(feed: number, withFigures: boolean): string {
    const price = this.view.priceLeaf(feed)?.proof.map(hex);
    const figures = withFigures ? this.view.figuresLeaf(feed)?.proof.map(hex) : undefined;
    return JSON.stringify({ feed: this.plan.feeds[feed]?.id, price, figures });
  }

  /** `{"group":…,"hash":…,"leaf":…,"proof":[…],"message":…}`; undefined while the group cannot be proved. */
  group(group: number): string | undefined {
    this.forgetOlderCuts();
    const written = this.groups.get(group) ?? this.writeGroup(group);
    if (written !== undefined) this.groups.set(group, written);
    return written;
  }

  /** `{"feed":…,"leaves":[{leaf, proof}],"view":{…}}`; undefined where nothing can be proved of it. */
  risk(feed: number): string | undefined {
    const tree = this.forgetOlderRisk();
    if (tree === undefined) return undefined;
    if (!this.risks.has(feed)) this.risks.set(feed, this.writeRisk(tree, feed));
    return this.risks.get(feed);
  }

  /** `{"feeds":[…],"leaves":[{leaf, proof}],"view":{…},"sharedFactors":[…]}`; undefined while there is none that can be proved. */
  dependence(): string | undefined {
    const tree = this.forgetOlderRisk();
    if (tree?.risk.dependence === undefined) return undefined;
    this.togetherWritten ??= this.writeDependence(tree, tree.risk.dependence);
    return this.togetherWritten;
  }

  private forgetOlderRisk(): RiskTree | undefined {
    const { risk } = this.view;
    if (risk === this.riskWritten) return risk;
    this.riskWritten = risk;
    this.risks.clear();
    this.togetherWritten = undefined;
    return risk;
  }

  private writeRisk(tree: RiskTree, feed: number): string | undefined {
    const view = riskWords(tree.risk, feed, this.plan);
    return view && JSON.stringify({ feed: this.plan.feeds[feed]?.id, leaves: tree.feed(feed).map(leafFields), view });
  }

  private writeDependence(tree: RiskTree, dependence: Dependence): string {
    const feeds = dependence.feeds.map((feed) => {
      const { id, asset } = this.plan.feeds[feed] ?? {};
      return { feed: id, assetVersion: asset?.version };
    });
    const leaves = tree.dependence().map(leafFields);
    const view = dependenceWords(tree.risk, dependence);
    return JSON.stringify({ feeds, leaves, view, sharedFactors: this.factors });
  }

  private forgetOlderCuts(): void {
    if (this.view.signed === this.written) return;
    this.written = this.view.signed;
    this.reports.clear();
    this.groups.clear();
    this.signedHeader = this.written ? headerText(this.written) : '';
  }

  private write(feed: number, withFigures: boolean): string {
    const { id = '', decimals = 0 } = this.plan.feeds[feed] ?? {};
    const report = this.view.report(feed);
    const figures = withFigures ? this.view.figuresOf(feed) : undefined;
    return JSON.stringify({
      feed: id,
      price: leafFields(this.view.priceLeaf(feed)),
      figures: figures && leafFields(this.view.figuresLeaf(feed)),
      view: { ...(report && reportFields(report, decimals)), ...(figures && figuresFields(figures, decimals)) },
    });
  }

  private writeGroup(group: number): string | undefined {
    const leaf = this.view.groupLeaf(group);
    const hash = this.view.groupHash(group);
    const { signed } = this.view;
    if (leaf === undefined || hash === undefined || signed === undefined) return undefined;
    const { header, signature } = signed;
    const evidence = this.view.evidence(header);
    const signatures = signaturesIn(signature).map(compactSignature);
    const message = encodePackedMessage({ header, evidence, signatures, proof: leaf.proof, leaf: leaf.bytes });
    const { name } = this.plan.groups[group] ?? {};
    return JSON.stringify({ group: name, hash: hex(hash), ...leafFields(leaf), message: hex(message) });
  }
}

/** Of the feeds in their order what each rests on; it follows from the plan, so it is written once. */
function factorsIn(plan: OraclePlan): object[] {
  const idOf = (feed: number): string | undefined => plan.feeds[feed]?.id;
  return sharedFactors(plan).flatMap((factors, feed) =>
    factors.map(({ feed: factor, kind, loading }) => {
      return { feed: idOf(feed), factor: idOf(factor), kind, loading: Number(loading.toPrecision(LOADING_DIGITS)) };
    }),
  );
}

/** 65 bytes a signature, in the order of their signers. */
function signaturesIn(signature: Uint8Array): Uint8Array[] {
  const count = signature.length / SIGNATURE_BYTES;
  return Array.from({ length: count }, (_, i) => signature.slice(i * SIGNATURE_BYTES, (i + 1) * SIGNATURE_BYTES));
}

export function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}

function headerText({ header, signature }: SignedHeader): string {
  const fields = {
    cut: header.cut.toString(),
    root: hex(header.root),
    riskRoot: hex(header.riskRoot),
    packedRoot: hex(header.packedRoot),
    configHash: hex(header.configHash),
    signerEpoch: header.signerEpoch,
    validUntil: header.validUntil.toString(),
  };
  return `"header":${JSON.stringify(fields)},"signature":"${hex(signature)}"`;
}

function leafFields(leaf: ProvedLeaf | undefined) {
  return leaf && { leaf: hex(leaf.bytes), proof: leaf.proof.map(hex) };
}

function reportFields(report: Report, decimals: number) {
  const decimal = decimalWriter(decimals);
  return {
    sequence: report.sequence,
    cut: report.cut.toString(),
    observedAt: report.observedAt,
    price: decimal(report.prices?.price),
    low: decimal(report.prices?.low),
    high: decimal(report.prices?.high),
    collateral: decimal(report.prices?.collateral),
    liability: decimal(report.prices?.liability),
    status: report.status,
    reasons: report.reasons,
    permits: report.permits,
    sources: report.sources,
    dispersionBps: report.dispersionBps,
  };
}

function figuresFields(figures: Figures, decimals: number) {
  const decimal = decimalWriter(decimals);
  const twaps = TWAP_WINDOWS.map((window, index) => [window, figures.twaps[index]?.price] as const);
  return {
    figuresCut: figures.cut.toString(),
    twap: Object.fromEntries(twaps.map(([window, price]) => [window, decimal(price)])),
    stable: decimal(figures.stable),
    volatilityPpm: figures.volatilityPpm,
  };
}

/** What is absent stays absent. */
function decimalWriter(decimals: number): (mantissa: number | undefined) => string | undefined {
  return (mantissa) => (mantissa === undefined ? undefined : formatMantissa(mantissa, decimals));
}
