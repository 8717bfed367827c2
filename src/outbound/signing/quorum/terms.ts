import type { Keccak } from '../../../oracle/reporting/keccak';
import { TICK_MS } from '../../../oracle/units/time';

/** What the signers of a set agreed on beforehand. Who holds other terms is not heard. */
export interface QuorumTerms {
  /** Addresses in small letters, ascending: the order of signatures on a chain. */
  readonly signers: readonly string[];
  /** So many of them sign a cut: more than half. */
  readonly threshold: number;
  /** How far a certified price may stand from what a signer sees for that signer to bear it. */
  readonly toleranceBps: number;
  /** Cuts are made at whole multiples of this, itself a multiple of the 10 ms tick. */
  readonly cutEveryMs: number;
  readonly epoch: number;
  /** Number of the first cut under them: a slot of theirs, and of the terms before. 0: since ever. */
  readonly from: number;
  /** SHA-256 of the plan. */
  readonly configHash: Uint8Array;
}

/** Throws, in words for an operator, for terms under which two halves of a set could certify beside each other. */
export function proveTerms({ signers, threshold, cutEveryMs, from }: QuorumTerms): void {
  const twice = signers.find((address, index) => index > 0 && address <= (signers[index - 1] ?? ''));
  if (twice !== undefined) throw new Error(`signer ${twice} stands twice, or not in ascending order: list each once`);
  if (!Number.isInteger(threshold) || 2 * threshold <= signers.length || threshold > signers.length) {
    const least = Math.floor(signers.length / 2) + 1;
    throw new Error(`threshold ${threshold} is not within ${least}..${signers.length}: more than half must sign a cut`);
  }
  if (!(cutEveryMs > 0) || cutEveryMs % TICK_MS !== 0) {
    throw new Error(`cutEveryMs ${cutEveryMs} is not a multiple of ${TICK_MS}, the length of a tick`);
  }
  if ((from * TICK_MS) % cutEveryMs !== 0) {
    throw new Error(`the first cut, ${from}, is no slot: it must be a whole multiple of ${cutEveryMs} ms`);
  }
}

/** One hash for all terms: 32 bytes that every statement carries. */
export function termsHash(terms: QuorumTerms, keccak: Keccak): Uint8Array {
  const { signers, threshold, toleranceBps, cutEveryMs, epoch, from, configHash } = terms;
  const config = Buffer.from(configHash).toString('hex');
  return keccak(Buffer.from(JSON.stringify([signers, threshold, toleranceBps, cutEveryMs, epoch, from, config])));
}

/** Cut numbers from one slot to the next. */
export function slotTicks({ cutEveryMs }: QuorumTerms): number {
  return cutEveryMs / TICK_MS;
}

/**
 * Whose turn it is to publish a cut: they take turns among those who were heard in the last certified cut and have a
 * voice in this one, so that the dead are asked once. When all of these have had a turn in vain, everybody has one.
 */
export function publisherOf(
  terms: QuorumTerms,
  cut: number,
  last: { readonly cut: number; readonly observers: readonly string[] },
): string {
  const slot = Math.floor(cut / slotTicks(terms));
  const inVain = slot - Math.floor(last.cut / slotTicks(terms)) - 1;
  const heard = last.observers.filter((one) => terms.signers.includes(one));
  const candidates = inVain < heard.length ? heard : terms.signers;
  return candidates[slot % candidates.length] ?? '';
}
