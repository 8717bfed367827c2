import { SECOND_MS, type EpochMs } from '../../../oracle/units/time';
import type { CancelTimer, Clock, Timers } from '../../../platform/clock/clock';
import type { CertificateHistory } from './certificate-history';
import type { Chain } from './chain';
import type { PeerMessage } from './wire';

/** Between two answers: peers who ask without end, however many, have no more than a part of this process's time. */
const PAUSE_MS = 20;

/** An answer that has not come by then, a slot or so, is not waited for. */
const PATIENCE_MS = 250;

/** A peer that does not have what this node misses is not asked again before. */
const ASK_AGAIN_MS = 10 * SECOND_MS;

/** The other peers, by address. What cannot be delivered is lost: nobody waits for it. */
export interface PeerNetwork {
  broadcast(message: PeerMessage): void;
  send(to: string, message: PeerMessage): void;
}

interface CatchUpParts {
  readonly chain: Pick<Chain, 'tip'>;
  readonly history: CertificateHistory;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly network: PeerNetwork;
  readonly outlets: {
    refused(from: string, kind: PeerMessage['kind'], reason: string): void;
    stranded(cut: number): void;
  };
}

type Question = Extract<PeerMessage, { kind: 'wants' }>;

/**
 * How a node that missed certified cuts comes by them, and helps others to theirs: it asks one peer and, for as long as
 * the answers lead on, the same one again at once. Peers are answered one at a time, in the order of asking.
 */
export class CatchUp {
  private askedAt: EpochMs = -Infinity;
  private readonly askableAt = new Map<string, EpochMs>();
  /** Of each peer the newest question. */
  private readonly questions = new Map<string, Question>();
  private answering = false;
  private stopped = false;
  private cancelPause: CancelTimer | undefined;

  constructor(private readonly parts: CatchUpParts) {}

  stop(): void {
    this.stopped = true;
    this.cancelPause?.();
  }

  /** A peer knows of a certified cut: where it is news and no answer is awaited, that peer is asked for what leads there. */
  hint(from: string, cut: number): void {
    const { chain, clock } = this.parts;
    const now = clock.now();
    if (cut <= chain.tip.cut || now - this.askedAt < PATIENCE_MS) return;
    if (now >= (this.askableAt.get(from) ?? -Infinity)) this.ask(from);
  }

  /** What a peer sent was taken, and led on or was known. */
  arrived(from: string, ledOn: boolean): void {
    this.askedAt = -Infinity;
    if (!ledOn) return;
    this.askableAt.clear();
    this.ask(from);
  }

  /** A peer at a cut does not have what follows this node's past. */
  unknown(from: string, cut: number): void {
    const { chain, clock, outlets } = this.parts;
    if (cut <= chain.tip.cut) return;
    this.askableAt.set(from, clock.now() + ASK_AGAIN_MS);
    this.askedAt = -Infinity;
    outlets.stranded(cut);
  }

  asked(from: string, question: Question): void {
    this.questions.set(from, question);
    this.answerNext();
  }

  private ask(peer: string): void {
    const { chain, clock, network } = this.parts;
    this.askedAt = clock.now();
    network.send(peer, { kind: 'wants', cut: chain.tip.cut, digest: chain.tip.digest });
  }

  private answerNext(): void {
    const [next] = this.questions;
    if (next === undefined || this.answering) return;
    const [from, question] = next;
    this.questions.delete(from);
    this.answering = true;
    this.answer(from, question)
      .catch((error: unknown) => {
        this.parts.outlets.refused(from, 'wants', error instanceof Error ? error.message : String(error));
      })
      .finally(() => {
        if (this.stopped) return;
        this.cancelPause = this.parts.timers.arm(PAUSE_MS, () => {
          this.answering = false;
          this.answerNext();
        });
      });
  }

  private async answer(to: string, { cut, digest }: Question): Promise<void> {
    const { chain, history, network } = this.parts;
    const { tip } = chain;
    if (cut > tip.cut || (cut === tip.cut && Buffer.compare(digest, tip.digest) === 0)) return;
    const certificates = cut === tip.cut ? undefined : await history.after(cut, digest);
    if (this.stopped) return;
    if (certificates === undefined) network.send(to, { kind: 'unknownPast', cut: tip.cut });
    else if (certificates.length > 0) network.send(to, { kind: 'certificates', certificates });
  }
}
