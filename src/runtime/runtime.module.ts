import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { HeaderDigest } from '../oracle/reporting/header-digest';
import type { Keccak } from '../oracle/reporting/keccak';
import { LEDGER, type Ledger } from '../outbound/ledger/ledger';
import { OPERATOR_INBOX } from '../outbound/operator/operator-inbox';
import { isRemote, SIGNER, type AnySigner } from '../outbound/signing/signer';
import type { Clock, Timers } from '../platform/clock/clock';
import type { Configuration } from '../platform/config/configuration';
import type { CutMeter } from '../platform/metrics/cut-meter';
import type { ReadinessFacts } from '../platform/health/health';
import type { Metrics } from '../platform/metrics/metrics';
import { RecordingWriter } from '../recording/writer';
import { fitInWorker } from './fit-in-worker';
import { InputMeter } from './input-meter';
import { Outbox } from './outbox';
import { RefitService } from './refit.service';
import { restoreEngine } from './restore-engine';
import { Sealing } from './sealing';
import type { SignerStanding } from './signer-standing';
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

  constructor(readonly signer: SignerStanding) {}

  /** A key in this process that fails stops the loop: only one elsewhere has a fault of its own. */
  facts(): Omit<ReadinessFacts, 'feeds'> {
    const { turn, signer, outbox } = this;
    return { running: turn?.isRunning ?? false, signerFault: signer.fault, ledgerFault: outbox?.ledgerFault };
  }
}

/** The one effect loop, and what it takes to end it. */
export class LiveRuntime {
  constructor(
    readonly turn: TurnService,
    /** Resolves once all that the loop made is signed and kept. */
    readonly settled: () => Promise<void>,
    /** See `Oracle.hourlyReturns`. */
    readonly hourlyReturns: (feed: number) => Float64Array,
  ) {}
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
          provide: LiveRuntime,
          useFactory: (ledger: Ledger, signer: AnySigner, outbox: Outbox) => openTurn(ledger, signer, outbox, options),
          inject: [LEDGER, SIGNER, Outbox],
        },
        { provide: TurnService, useFactory: ({ turn }: LiveRuntime) => turn, inject: [LiveRuntime] },
        { provide: RefitService, useFactory: (live: LiveRuntime) => refitOf(live, options), inject: [LiveRuntime] },
        { provide: OPERATOR_INBOX, useExisting: TurnService },
      ],
      exports: [LiveRuntime, TurnService, OPERATOR_INBOX],
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

async function openTurn(
  ledger: Ledger,
  signer: AnySigner,
  outbox: Outbox,
  options: RuntimeOptions,
): Promise<LiveRuntime> {
  const { configuration, keccak, clock, timers, state, standing } = options;
  standing.outbox = outbox;
  const here = isRemote(signer) ? undefined : signer;
  const engine = await restoreEngine(configuration, ledger, { keccak, signer: here, state });
  const hourlyReturns = (feed: number): Float64Array => engine.hourlyReturns(feed);
  if (!isRemote(signer)) {
    standing.turn = new TurnService(engine, clock, timers, outbox);
    return new LiveRuntime(standing.turn, () => outbox.settled(), hourlyReturns);
  }
  const sealing = new Sealing({
    signer,
    digest: new HeaderDigest(configuration.plan.network, keccak),
    outlets: outbox,
    outcomes: standing.signer,
    checkpoint: () => engine.checkpoint(),
    free: () => standing.turn?.resume(),
  });
  standing.turn = new TurnService(engine, clock, timers, sealing);
  const settled = async (): Promise<void> => {
    await sealing.settled();
    await outbox.settled();
  };
  return new LiveRuntime(standing.turn, settled, hourlyReturns);
}

function refitOf({ turn, hourlyReturns }: LiveRuntime, { configuration, log }: RuntimeOptions): RefitService {
  const feeds = configuration.plan.feeds.map(({ id }) => id);
  return new RefitService({ feeds, returns: hourlyReturns, fit: fitInWorker, turn, log });
}
