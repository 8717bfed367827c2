import { cutInstant } from '../../../oracle/units/time';
import { slotTicks, type QuorumTerms } from './terms';

/** Throws, in words for an operator, for terms that cannot go on from others. */
export function proveSuccession(before: QuorumTerms, next: QuorumTerms): void {
  const fault = successionFault(before, next);
  if (fault !== undefined) throw new Error(`--next cannot go on from --config: ${fault}`);
}

function successionFault(before: QuorumTerms, next: QuorumTerms): string | undefined {
  const from = new Date(cutInstant(next.from)).toISOString();
  if (next.from === 0)
    return 'its quorum.yaml says no effectiveFrom, so members would go over at different instants: add one';
  if (next.from <= before.from) return `effectiveFrom ${from} is not after that of --config: name a later instant`;
  if (next.from % slotTicks(before) !== 0) {
    return `effectiveFrom ${from} is no slot of --config: name a whole multiple of its cutEveryMs, ${before.cutEveryMs}, too`;
  }
  if (next.epoch < before.epoch) return `its signer.epoch ${next.epoch} is below ${before.epoch}: epochs never go back`;
  const isSameSet = next.threshold === before.threshold && String(next.signers) === String(before.signers);
  if (!isSameSet && next.epoch === before.epoch) {
    return `it has other signers under the same signer.epoch ${next.epoch}: contracts know a set by its epoch, so raise it`;
  }
  const rest = ({ toleranceBps, cutEveryMs, epoch, configHash }: QuorumTerms): string =>
    String([toleranceBps, cutEveryMs, epoch, Buffer.from(configHash).toString('hex')]);
  return isSameSet && rest(next) === rest(before)
    ? 'nothing that members must agree on differs: leave --next out'
    : undefined;
}
