import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Keccak } from '../oracle/reporting/keccak';
import { LEDGER, type Ledger } from '../outbound/ledger/ledger';
import { OPERATOR_INBOX } from '../outbound/operator/operator-inbox';
import { SIGNER, type Signer } from '../outbound/signing/signer';
import type { Clock, Timers } from '../platform/clock/clock';
import type { Configuration } from '../platform/config/configuration';
import type { CutMeter } from '../platform/metrics/cut-meter';
import type { ReadinessFacts } from '../platform/health/health';
import type { Metrics } from '../platform/metrics/metrics';
import { RecordingWriter } from '../recording/writer';
import { InputMeter } from './input-meter';
import { Outbox } from './outbox';
import { restoreEngine } from './restore-engine';
import { TurnService } from './turn.service';

export interface RuntimeOptions {
  readonly configuration: Configuration;
  readonly keccak: Keccak;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly metrics: Metrics;
  readonly cuts: CutMeter;
  readonly log: Logger;
  readonly standing: RuntimeStanding;
  /** Records all input there; gzip where the name ends in .gz. */
  readonly recordFile?: string | undefined;
  /** What to start from where the ledger is empty. */
  readonly state?: unknown;
}

/** How the runtime stands, for those who ask before it is up and after. */
export class RuntimeStanding {
  turn: TurnService | undefined;
  outbox: Outbox | undefined;

  /** A signer that fails stops the loop, so it has no fault of its own. */
  facts(): Omit<ReadinessFacts, 'feeds'> {
    return { running: this.turn?.isRunning ?? false, signerFault: undefined, ledgerFault: this.outbox?.ledgerFault };
  }
}

/** Provides the one effect loop, continuing where the ledger ends. Needs LEDGER and SIGNER from global modules. */
@Module({})
export class RuntimeModule {
  static register(options: RuntimeOptions): DynamicModule {
    return {
      module: RuntimeModule,
      global: true,
      providers: [
        { provide: Outbox, useFactory: (ledger: Ledger) => openOutbox(ledger, options), inject: [LEDGER] },
        {
          provide: TurnService,
          useFactory: (ledger: Ledger, signer: Signer, outbox: Outbox) => openTurn(ledger, signer, outbox, options),
          inject: [LEDGER, SIGNER, Outbox],
        },
        { provide: OPERATOR_INBOX, useExisting: TurnService },
      ],
      exports: [Outbox, TurnService, OPERATOR_INBOX],
    };
  }
}

/** The outbox alone, over any ledger; its recording is opened at once, and refused where the file exists. */
export async function openOutbox(
  ledger: Ledger,
  options: Pick<RuntimeOptions, 'configuration' | 'metrics' | 'cuts' | 'log' | 'recordFile'>,
): Promise<Outbox> {
  const { configuration, metrics, cuts, log, recordFile } = options;
  const onFailure = (error: Error): void => {
    log.error({ error }, 'the recording has ended; the service goes on without it');
  };
  const recording =
    recordFile === undefined
      ? undefined
      : await RecordingWriter.open(recordFile, { gzip: recordFile.endsWith('.gz'), onFailure });
  const { configHash } = configuration;
  return new Outbox({ configHash, ledger, recording, inputs: new InputMeter(metrics), cuts, metrics, log });
}

async function openTurn(ledger: Ledger, signer: Signer, outbox: Outbox, options: RuntimeOptions): Promise<TurnService> {
  const { configuration, keccak, clock, timers, state, standing } = options;
  standing.outbox = outbox;
  const engine = await restoreEngine(configuration, ledger, { keccak, signer, state });
  standing.turn = new TurnService(engine, clock, timers, outbox);
  return standing.turn;
}
