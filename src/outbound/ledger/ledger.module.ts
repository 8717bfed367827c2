import { type DynamicModule, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { HOUR_MS } from '../../oracle/units/time';
import type { Clock } from '../../platform/clock/clock';
import { systemClock } from '../../platform/clock/system-clock';
import { LEDGER, type Ledger } from './ledger';
import { LmdbLedger } from './lmdb-ledger';
import { MemoryLedger } from './memory-ledger';
import { RETENTION, RetentionService } from './retention.service';
import { claimWriter, type ReleaseWriter } from './writer-lock';

/** The ledger is opened only once its directory is ours. */
const WRITER_CLAIM = Symbol('WriterClaim');
const NO_CLAIM: ReleaseWriter = () => Promise.resolve();

export interface LedgerOptions {
  /** Where the embedded ledger lives; without one the ledger is in memory and ends with the process. */
  readonly directory?: string;
  /** How long entries are kept: an hour, which at 20 cuts a second is some 300 MB. */
  readonly keepMs?: number;
  readonly clock?: Clock;
}

/** Provides `LEDGER` everywhere. The root module imports `ScheduleModule.forRoot()`, which drives the retention. */
@Module({})
export class LedgerModule implements OnApplicationShutdown {
  constructor(
    @Inject(LEDGER) private readonly ledger: Ledger,
    @Inject(WRITER_CLAIM) private readonly release: ReleaseWriter,
  ) {}

  static forRoot({ directory, keepMs = HOUR_MS, clock = systemClock }: LedgerOptions = {}): DynamicModule {
    return {
      module: LedgerModule,
      global: true,
      providers: [
        { provide: WRITER_CLAIM, useFactory: () => (directory === undefined ? NO_CLAIM : claimWriter(directory)) },
        {
          provide: LEDGER,
          useFactory: () => (directory === undefined ? new MemoryLedger() : LmdbLedger.open(directory)),
          inject: [WRITER_CLAIM],
        },
        { provide: RETENTION, useValue: { keepMs, clock } },
        RetentionService,
      ],
      exports: [LEDGER],
    };
  }

  /** The last of the shutdown hooks: whoever appends in an earlier one is still heard. */
  async onApplicationShutdown(): Promise<void> {
    await this.ledger.close();
    await this.release();
  }
}
