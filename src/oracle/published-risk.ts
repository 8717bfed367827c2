import { ComingRisk } from './coming-risk';
import type { Fit, OracleInput } from './input';
import type { LiquidityPast } from './liquidity-past';
import type { OraclePlan } from './plan';
import type { Publisher } from './reporting/publisher';
import type { Risk } from './risk/figures';
import { ImpliedSlots } from './risk/implied-slots';
import type { RiskPast } from './risk-past';
import type { EpochMs } from './units/time';

export type RiskInput = Extract<OracleInput, { readonly kind: 'implied' | 'dismissImplied' | 'fit' }>;

interface Parts {
  readonly risk: RiskPast;
  readonly liquidity: LiquidityPast;
  readonly publisher: Publisher;
}

/** Risk as one signer's cuts carry it: what follows from its past, with what it alone knows of depth, options and refits. */
export class PublishedRisk {
  private readonly implied: ImpliedSlots;
  /** By feed: heard, and not in effect yet. */
  private readonly fits = new Map<number, Fit & { readonly effectiveCut: number }>();
  private coming: ComingRisk | undefined;

  constructor(
    plan: OraclePlan,
    private readonly parts: Parts,
  ) {
    this.implied = new ImpliedSlots(plan);
  }

  hear(input: RiskInput, at: EpochMs): void {
    switch (input.kind) {
      case 'implied':
        this.implied.observe(input.implied, input.volatility, input.observedAt, at);
        return;
      case 'dismissImplied':
        this.implied.forget(input.implied);
        return;
      case 'fit':
        this.fits.set(input.feed, input);
    }
  }

  /** What a cut carries, before time has passed up to it: after a start at once, else as it is written. The root goes along. */
  take(at: EpochMs, cut: number, isFirstCut: boolean): Risk | undefined {
    const { risk, liquidity, publisher } = this.parts;
    if (isFirstCut || (this.coming === undefined && risk.isDue)) {
      const figures = liquidity.withCosts(risk.figures(cut, this.implied.judge(at)));
      this.coming = new ComingRisk(publisher.riskTree(figures), isFirstCut ? -Infinity : at);
    }
    const tree = this.coming?.at(at);
    if (tree === undefined) return undefined;
    this.coming = undefined;
    publisher.riskRoot = tree.root;
    return tree.risk;
  }

  /** Fits that come into effect with a cut, by feed. */
  takeFits(cut: number): Fit[] {
    const due = [...this.fits.values()].filter(({ effectiveCut }) => effectiveCut <= cut);
    for (const { feed } of due) this.fits.delete(feed);
    return due.map(({ feed, parameters }) => ({ feed, parameters })).sort((a, b) => a.feed - b.feed);
  }
}
