import { cutInstant, TICK_MS } from '../../../oracle/units/time';
import { signedBy, Witness, type Statement } from './equivocation';
import type { NodeParts } from './node-parts';
import { Slots } from './slots';
import { slotTicks } from './terms';

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
    const { clock, terms } = this.parts;
    return (Math.floor(clock.now() / terms.cutEveryMs) * terms.cutEveryMs) / TICK_MS;
  }

  untilNextMs(): number {
    const { clock, terms } = this.parts;
    const now = clock.now();
    return (Math.floor(now / terms.cutEveryMs) + 1) * terms.cutEveryMs - now;
  }

  /**
   * A signature that was long on its way still counts, but not for so long that what it certifies could no longer
   * reach the others before their own signatures stop binding them.
   */
  isRecent(cut: number): boolean {
    return this.isWithin(this.parts.validForMs / 2, cut);
  }

  /** Less than a slot away: clocks differ a little. */
  isNear(cut: number): boolean {
    return this.isWithin(this.parts.terms.cutEveryMs, cut);
  }

  private isWithin(pastMs: number, cut: number): boolean {
    const { clock, terms } = this.parts;
    const awayMs = clock.now() - cutInstant(cut);
    return awayMs > -terms.cutEveryMs && awayMs < pastMs && cut % slotTicks(terms) === 0;
  }
}
