import { cutInstant, cutNumberAt } from '../../../oracle/units/time';
import type { StatementSigner } from '../statement-signer';
import { signedBy, Witness, type Statement } from './equivocation';
import type { NodeParts } from './node-parts';
import { Slots } from './slots';
import { slotTicks, type QuorumTerms } from './terms';

/** What a node's observing, voting and certifying share: what was heard, slot by slot, and which slot now is. */
export class Ground {
  /** In small letters. */
  readonly self: string | undefined;
  readonly slots = new Slots();
  /** The newest cut of which this signer began to speak. */
  begun = -Infinity;
  stopped = false;
  private readonly witness = new Witness();

  constructor(private readonly parts: NodeParts) {
    this.self = parts.signer?.address.toLowerCase();
  }

  /** Whether a statement is the first of its signer; a second that differs is proof of a lie. */
  isNew(statement: Statement, signer: string): boolean {
    const { statements, outlets } = this.parts;
    const { digest } = signedBy(statement, statements);
    const { isNew, proof } = this.witness.hear(statement, signer, digest);
    if (proof !== undefined) outlets.equivocated(proof);
    return isNew;
  }

  /** The slot that now is, by this machine's clock. */
  currentCut(): number {
    const now = cutNumberAt(this.parts.clock.now());
    return now - (now % slotTicks(this.termsOf(now)));
  }

  untilNextMs(): number {
    const now = this.parts.clock.now();
    const { cutEveryMs } = this.termsOf(cutNumberAt(now));
    return (Math.floor(now / cutEveryMs) + 1) * cutEveryMs - now;
  }

  termsOf(cut: number): QuorumTerms {
    return this.parts.chain.eraOf(cut).terms;
  }

  isOfSet(signer: string, cut: number): boolean {
    return this.termsOf(cut).signers.includes(signer);
  }

  /** By what this node speaks of a cut: where its key has a voice, and it knows what the terms go on from. */
  voiceIn(cut: number): StatementSigner | undefined {
    const { chain, signer, until = Infinity } = this.parts;
    const { from } = this.termsOf(cut);
    const knows = from === 0 || (cut >= from && chain.tip.cut > 0);
    return knows && cut < until && this.isOfSet(this.self ?? '', cut) ? signer : undefined;
  }

  /**
   * A signature that was long on its way still counts, but not for so long that what it certifies could no longer
   * reach the others before their own signatures stop binding them.
   */
  isRecent(cut: number): boolean {
    return this.isWithin(this.parts.chain.eraOf(cut).validForMs / 2, cut);
  }

  /** Less than a slot away: clocks differ a little. */
  isNear(cut: number): boolean {
    return this.isWithin(this.termsOf(cut).cutEveryMs, cut);
  }

  private isWithin(pastMs: number, cut: number): boolean {
    const terms = this.termsOf(cut);
    const awayMs = this.parts.clock.now() - cutInstant(cut);
    return awayMs > -terms.cutEveryMs && awayMs < pastMs && cut % slotTicks(terms) === 0;
  }
}
