import { eraOf, type Eras } from './eras';
import type { Observation, Proposal, Vote } from './statements';
import { slotTicks } from './terms';

/** What was heard about one slot. */
export interface Slot {
  /** By signer. */
  readonly observations: Map<string, Observation>;
  readonly votes: Map<string, Vote>;
  proposal: Proposal | undefined;
}

/** Why a slot passed without a cut, as far as this process can tell. */
type GapReason = 'notWatching' | 'tooFewObservations' | 'publisherSilent' | 'tooFewSignatures';

/** Cut numbers of the first and the last of slots that passed without a cut. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly reason: GapReason;
}

/** Slots remembered: what is said of older ones is not heard, and what was remembered of them explains no gap. */
const REMEMBERED = 64;

/** The slots that pass, by cut number. */
export class Slots {
  private readonly slots = new Map<number, Slot>();

  /** The slot of a cut, from the first thing heard about it. */
  of(cut: number): Slot {
    const known = this.slots.get(cut);
    if (known !== undefined) return known;
    const slot = { observations: new Map(), votes: new Map(), proposal: undefined };
    this.slots.set(cut, slot);
    if (this.slots.size > REMEMBERED) this.slots.delete(Math.min(...this.slots.keys()));
    return slot;
  }

  /** The slots between two certified cuts, in runs of one reason; `before` is 0 for none. */
  gaps(before: number, cut: number, eras: Eras): Gap[] {
    const gaps: { from: number; to: number; reason: GapReason }[] = [];
    const after = (slot: number): number => slot + slotTicks(eraOf(eras, slot).terms);
    for (let slot = before === 0 ? cut : after(before); slot < cut; slot = after(slot)) {
      const reason = this.whyMissed(slot, eraOf(eras, slot).terms.threshold);
      const last = gaps.at(-1);
      if (last?.reason === reason) last.to = slot;
      else gaps.push({ from: slot, to: slot, reason });
    }
    return gaps;
  }

  private whyMissed(cut: number, threshold: number): GapReason {
    const slot = this.slots.get(cut);
    if (slot === undefined || slot.observations.size === 0) return 'notWatching';
    if (slot.observations.size < threshold) return 'tooFewObservations';
    return slot.proposal === undefined ? 'publisherSilent' : 'tooFewSignatures';
  }
}
