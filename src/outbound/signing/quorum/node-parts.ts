import type { CertifiedCut } from '../../../oracle/certifying/certifier';
import type { ObservedFeed } from '../../../oracle/certifying/observed-feed';
import type { Clock, Timers } from '../../../platform/clock/clock';
import type { StatementSigner } from '../statement-signer';
import type { PeerNetwork } from './catch-up';
import type { CertificateHistory } from './certificate-history';
import type { Chain } from './chain';
import type { Equivocation } from './equivocation';
import type { SigningJournal } from './signing-journal';
import type { Gap } from './slots';
import type { Certificate, Statements } from './statements';
import type { PeerMessage } from './wire';

/** What a node tells its process. */
export interface NodeOutlets {
  /** In order, and every one. */
  certified(certificate: Certificate, cut: CertifiedCut): void;
  /** Slots passed without a cut; told once the next one is certified. */
  gap(gap: Gap): void;
  equivocated(proof: Equivocation): void;
  /** A message that was not heeded, and why. */
  refused(from: string, kind: PeerMessage['kind'], reason: string): void;
  /** A peer at this cut does not have what follows upon this node's past; others still may. */
  stranded(cut: number): void;
}

export interface NodeParts {
  readonly chain: Chain;
  /** Has, at the latest soon after, what `certified` was told. */
  readonly history: CertificateHistory;
  readonly statements: Statements;
  /** Without one, or of a cut in which its key has no voice, a node follows, verifies and says nothing. */
  readonly signer: StatementSigner | undefined;
  /** The first cut of which it says nothing any more. */
  readonly until?: number;
  readonly journal: SigningJournal;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly network: PeerNetwork;
  /** How this signer finds every feed now, in the order of the plan of a cut. */
  readonly observe: (cut: number) => readonly ObservedFeed[];
  readonly outlets: NodeOutlets;
}
