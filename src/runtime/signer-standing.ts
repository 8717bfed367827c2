import type { Logger } from 'pino';
import { cutNumberAt, SECOND_MS, type EpochMs } from '../oracle/units/time';
import type { AlertChange } from '../outbound/alerts/alert';
import type { SigningOutcomes } from '../outbound/signing/statement-signer';
import { RemoteSignerError } from '../outbound/signing/remote/remote-signer-error';
import type { Clock } from '../platform/clock/clock';
import type { Metrics } from '../platform/metrics/metrics';

/** A snapshot is good for seconds: a signer that is silent for longer is soon noticed by everyone. */
const ALERT_AFTER_MS = 2 * SECOND_MS;

export interface StandingParts {
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/**
 * How a remote signer stands: its fault for whoever asks whether the service is ready, and the alert `signerSilent`, which no
 * cut can tell of, since none is published while it holds.
 */
export class SignerStanding implements SigningOutcomes {
  /** What failed last with no success since. */
  fault: string | undefined;
  private since: EpochMs | undefined;
  private fired: AlertChange | undefined;
  private tell: ((change: AlertChange) => void) | undefined;

  constructor(private readonly parts: StandingParts) {}

  /** Who delivers the alert. */
  tellTo(tell: (change: AlertChange) => void): this {
    this.tell = tell;
    return this;
  }

  signed(): void {
    const { metrics, log, clock } = this.parts;
    metrics.remoteSignatures.inc({ outcome: 'signed' });
    if (this.since === undefined) return;
    const silentMs = clock.now() - this.since;
    log.info({ silentMs }, `the remote signer signs again, after ${silentMs} ms`);
    if (this.fired !== undefined) this.tell?.(this.change('resolved', this.since, 'it signs again'));
    this.fault = this.since = this.fired = undefined;
  }

  failed(error: unknown): void {
    const { metrics, log, clock } = this.parts;
    const outcome = error instanceof RemoteSignerError ? error.fault : 'failed';
    const reason = error instanceof Error ? error.message : String(error);
    metrics.remoteSignatures.inc({ outcome });
    if (this.since === undefined) log.warn({ outcome, reason }, `a cut was not signed: ${reason}`);
    this.since ??= clock.now();
    // That it is left alone says less than what it did before.
    if (outcome !== 'resting' || this.fault === undefined) this.fault = reason;
    const silentMs = clock.now() - this.since;
    if (this.fired !== undefined || silentMs < ALERT_AFTER_MS) return;
    this.fired = this.change('firing', this.since, `nothing was signed for ${silentMs} ms: ${this.fault}`);
    this.tell?.(this.fired);
  }

  private change(state: AlertChange['state'], since: EpochMs, summary: string): AlertChange {
    const at = this.parts.clock.now();
    return {
      id: 'signerSilent:remote',
      rule: 'signerSilent',
      subject: 'remote',
      severity: 'critical',
      state,
      since,
      at,
      cut: cutNumberAt(at),
      summary: `the remote signer: ${summary}`,
      evidence: { silentMs: at - since, ...(this.fault !== undefined && { fault: this.fault }) },
    };
  }
}
