import { ComingRisk } from '../coming-risk';
import type { Cut } from '../cut';
import type { OraclePlan } from '../plan';
import type { Publisher } from '../reporting/publisher';
import type { Risk } from '../risk/figures';
import { RiskPast, type RiskModels, type RiskState } from '../risk-past';
import { passSilence } from '../silence';
import { cutInstant, type EpochMs } from '../units/time';

export interface CertifiedRiskState {
  readonly past: RiskState;
  /** Those that were saved, where `past` has none. */
  readonly models?: RiskModels;
  /** The cut that carried risk last, -Infinity before the first; and the root that stands since. */
  readonly cut: number;
  readonly root: Uint8Array;
  /** What was taken and is still being written. */
  readonly coming?: { readonly risk: Risk; readonly takenAt: EpochMs };
}

/**
 * Risk as certified cuts carry it. The past moves as cuts are committed, for it is too large to be copied for a draft: so
 * what a draft carries follows from the cuts before, and a draft that is dropped has changed a root and nothing else.
 */
export class CertifiedRisk {
  private readonly past: RiskPast;
  private last = -Infinity;
  private root: Uint8Array;
  private coming: ComingRisk | undefined;
  /** What is on its way should the draft be committed. */
  private drafted: ComingRisk | undefined;

  /** The publisher is given the root that goes with each draft. */
  constructor(
    plan: OraclePlan,
    private readonly publisher: Publisher,
  ) {
    this.past = new RiskPast(plan.feeds);
    this.root = publisher.riskRoot;
  }

  /** The cut that carried risk last; -Infinity before the first. */
  get cut(): number {
    return this.last;
  }

  /** What a cut carries: at once where everything begins, else as it is written. */
  draft(cut: number, begins: boolean): Risk | undefined {
    const at = cutInstant(cut);
    this.drafted = this.coming;
    if (begins || (this.coming === undefined && this.past.isDue)) {
      this.drafted = new ComingRisk(this.publisher.riskTree(this.past.figures(cut)), begins ? -Infinity : at);
    }
    const tree = this.drafted?.at(at);
    if (tree === undefined) return undefined;
    this.drafted = undefined;
    this.publisher.riskRoot = tree.root;
    return tree.risk;
  }

  /** The root of the draft gives way to the one that stands. */
  abandon(): void {
    this.publisher.riskRoot = this.root;
  }

  /** Makes the draft the past of what follows; what was certified before it was valid until then. */
  commit(drafted: Pick<Cut, 'number' | 'at' | 'reports' | 'risk' | 'header'>, validUntil: EpochMs): void {
    passSilence([this.past], validUntil, drafted.at);
    this.past.absorb(drafted);
    this.coming = this.drafted;
    this.root = drafted.header.riskRoot;
    if (drafted.risk !== undefined) this.last = drafted.number;
  }

  saveModels(): RiskModels {
    return this.past.saveModels();
  }

  state(withModels: boolean): CertifiedRiskState {
    const { last: cut, root, coming } = this;
    const state = { past: this.past.state(withModels), cut, root };
    return coming === undefined ? state : { ...state, coming: { risk: coming.tree.risk, takenAt: coming.takenAt } };
  }

  /** Under another plan what is still being written means nothing. */
  restore({ past, models, cut, root, coming }: CertifiedRiskState, isSamePlan: boolean): void {
    this.past.restore(past, models);
    this.last = cut;
    this.root = root;
    this.publisher.riskRoot = root;
    if (coming !== undefined && isSamePlan) {
      this.coming = new ComingRisk(this.publisher.riskTree(coming.risk), coming.takenAt);
    }
  }
}
