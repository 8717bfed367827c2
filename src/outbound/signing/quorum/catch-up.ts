import type { Clock } from '../../../platform/clock/clock';
import type { Chain } from './chain';
import type { QuorumTerms } from './terms';
import type { PeerMessage } from './wire';

/** Certificates in one answer: some 16 KB each with fifty feeds and five signers. */
const AT_ONCE = 32;

/** The other peers, by address. What cannot be delivered is lost: nobody waits for it. */
export interface PeerNetwork {
  broadcast(message: PeerMessage): void;
  send(to: string, message: PeerMessage): void;
}

interface CatchUpParts {
  readonly terms: Pick<QuorumTerms, 'cutEveryMs'>;
  readonly chain: Chain;
  readonly clock: Clock;
  readonly network: PeerNetwork;
}

/** How a node that missed certified cuts comes by them, and helps others to theirs. */
export class CatchUp {
  private askedAt = -Infinity;

  constructor(private readonly parts: CatchUpParts) {}

  /** A peer knows of a certified cut: where it is news, that peer is asked for what leads there, once a slot. */
  hint(from: string, cut: number): void {
    const { chain, clock, network, terms } = this.parts;
    if (cut <= chain.tip.cut || clock.now() - this.askedAt < terms.cutEveryMs) return;
    this.askedAt = clock.now();
    network.send(from, { kind: 'wants', cut: chain.tip.cut, digest: chain.tip.digest });
  }

  /** What was asked for has come: the next hint may be followed at once. */
  arrived(): void {
    this.askedAt = -Infinity;
  }

  answer(to: string, cut: number, digest: Uint8Array): void {
    const { chain, network } = this.parts;
    if (cut > chain.tip.cut) return;
    const certificates = chain.after(cut, digest, AT_ONCE);
    if (certificates === undefined) network.send(to, { kind: 'unknownPast', cut: chain.tip.cut });
    else if (certificates.length > 0) network.send(to, { kind: 'certificates', certificates });
  }
}
