import type { Logger } from 'pino';
import type { Outcome } from '../inbound/dialect';
import { cutNumberAt, SECOND_MS, type EpochMs } from '../oracle/units/time';
import type { Ledger, LedgerEntry } from '../outbound/ledger/ledger';
import type { CutMeter } from '../platform/metrics/cut-meter';
import type { Metrics } from '../platform/metrics/metrics';
import type { RecordedEvent } from '../recording/event';
import type { RecordingWriter } from '../recording/writer';
import type { InputMeter } from './input-meter';
import type { TurnOutlets } from './turn.service';

export interface OutboxParts {
  readonly configHash: string;
  readonly ledger: Ledger;
  readonly recording: RecordingWriter | undefined;
  readonly inputs: InputMeter;
  readonly cuts: CutMeter;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Hands on what a turn made: entries to the ledger, events to the recording, counts to the metrics. */
export class Outbox implements TurnOutlets {
  /** What failed last in the ledger with no success since. */
  ledgerFault: string | undefined;
  /** When the first event was heard that no cut has yet answered. */
  private turnBegan: number | undefined;
  private readonly appending = new Set<Promise<void>>();

  constructor(private readonly parts: OutboxParts) {}

  started(at: EpochMs, state: () => unknown): void {
    this.parts.recording?.append({ at, state: state() });
    this.recordConfiguration(at);
  }

  stopped(at: EpochMs): void {
    this.recordConfiguration(at);
  }

  entry(entry: LedgerEntry): void {
    const { cuts, metrics } = this.parts;
    if (this.turnBegan !== undefined) metrics.cutSeconds.observe((performance.now() - this.turnBegan) / SECOND_MS);
    this.turnBegan = undefined;
    cuts.count(entry.cut);
    if (entry.cut.figures.length > 0) this.flushRecording();
    const appending = this.append(entry).finally(() => this.appending.delete(appending));
    this.appending.add(appending);
  }

  heard(event: RecordedEvent, outcomes: readonly Outcome[]): void {
    this.turnBegan ??= performance.now();
    this.parts.recording?.append(event);
    this.parts.inputs.count(event, outcomes);
  }

  failed(error: unknown): void {
    this.parts.log.fatal({ error }, 'the oracle has stopped: no further cut is made; restart the service');
  }

  /** Resolves once all that was handed over is kept. */
  async settled(): Promise<void> {
    await Promise.all(this.appending);
    await this.parts.recording?.close();
  }

  /** Once a second, with the figures: what a crash may cost a recording. Its own `onFailure` tells of a failure. */
  private flushRecording(): void {
    this.parts.recording?.flush().catch(() => undefined);
  }

  private recordConfiguration(at: EpochMs): void {
    const { recording, configHash } = this.parts;
    recording?.append({ at, config: configHash, effectiveCut: cutNumberAt(at) });
  }

  private async append(entry: LedgerEntry): Promise<void> {
    const { ledger, metrics, log } = this.parts;
    try {
      await ledger.append(entry);
      this.ledgerFault = undefined;
      metrics.ledgerAppends.inc({ outcome: 'appended' });
    } catch (error) {
      this.ledgerFault = `cut ${entry.cut.number} was not kept: ${error instanceof Error ? error.message : String(error)}`;
      metrics.ledgerAppends.inc({ outcome: 'failed' });
      log.error({ error, cut: entry.cut.number }, 'the ledger did not keep a cut, so nobody receives it');
    }
  }
}
