import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Clock } from '../../platform/clock/clock';
import { MINUTE_MS } from '../../oracle/units/time';
import { LEDGER, type Ledger } from './ledger';

export interface Retention {
  /** Entries older than this are forgotten, within a minute. */
  readonly keepMs: number;
  readonly clock: Clock;
}

export const RETENTION = Symbol('Retention');

@Injectable()
export class RetentionService {
  constructor(
    @Inject(LEDGER) private readonly ledger: Ledger,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Interval(MINUTE_MS)
  async forgetOld(): Promise<void> {
    await this.ledger.forget(this.retention.clock.now() - this.retention.keepMs);
  }
}
