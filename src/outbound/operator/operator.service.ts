import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { MINUTE_MS, type EpochMs } from '../../oracle/units/time';
import type { Clock } from '../../platform/clock/clock';
import type { OperatorInstruction } from '../../recording/event';
import { EntriesForgotten, type Ledger, type LedgerEntry } from '../ledger/ledger';
import type { Judgement, OperatorDesk } from './operator-desk';
import type { OperatorInbox } from './operator-inbox';

/** An instruction that took effect, and when. */
export interface AuditRow {
  readonly at: EpochMs;
  readonly cut: number;
  readonly instruction: OperatorInstruction;
}

/** Rows that are remembered. */
export const MAX_AUDIT_ROWS = 200;

/** What is read of the ledger at start: an instruction from before could not be used again, for it is too old. */
const LOOK_BACK_MS = 10 * MINUTE_MS;

/** Judges instructions, passes on the accepted ones, and follows the ledger for those that took effect. */
export class OperatorService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly rows: AuditRow[] = [];
  private readonly stopping = new AbortController();
  private following: Promise<void> | undefined;
  private caughtUp: Promise<number> | undefined;

  constructor(
    private readonly desk: OperatorDesk,
    private readonly inbox: OperatorInbox,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly log: Pick<Logger, 'info' | 'warn' | 'error'>,
  ) {}

  onApplicationBootstrap(): void {
    this.caughtUp = this.catchUp();
    this.following = this.follow(this.caughtUp);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.following;
  }

  /** Judges only once it knows what was used before a restart. An accepted instruction is on its way to the next cut. */
  async instruct(body: unknown): Promise<Judgement> {
    await this.caughtUp;
    const judgement = await this.desk.judge(body, this.clock.now());
    if ('refused' in judgement) {
      this.log.warn({ code: judgement.refused }, `operator's instruction refused: ${judgement.detail}`);
      return judgement;
    }
    this.log.info({ instruction: judgement.accepted }, "operator's instruction accepted");
    this.inbox.instructed(judgement.accepted);
    return judgement;
  }

  /** Newest first. */
  audit(): readonly AuditRow[] {
    return this.rows;
  }

  /** Returns the cut up to which the ledger was read. */
  private async catchUp(): Promise<number> {
    const before = await this.ledger.at(this.clock.now() - LOOK_BACK_MS);
    let position = before?.cut.number ?? 0;
    for await (const entry of this.ledger.read(position)) {
      this.take(entry);
      position = entry.cut.number;
    }
    return position;
  }

  /** Never rejects: what ends it is logged. */
  private async follow(caughtUp: Promise<number>): Promise<void> {
    try {
      let position = await caughtUp;
      while (!this.stopping.signal.aborted) position = await this.followFrom(position);
    } catch (error) {
      this.log.error({ err: error }, 'the audit of operators no longer follows the ledger');
    }
  }

  /** Returns the cut to go on from: after a gap, the newest. */
  private async followFrom(position: number): Promise<number> {
    let last = position;
    try {
      for await (const entry of this.ledger.tail(position, this.stopping.signal)) {
        this.take(entry);
        last = entry.cut.number;
      }
      this.stopping.abort();
    } catch (error) {
      if (!(error instanceof EntriesForgotten)) throw error;
      this.log.warn({ err: error }, 'the audit of operators may lack instructions; the ledger export has them');
      last = error.forgottenThrough;
    }
    return last;
  }

  private take({ cut, operator }: LedgerEntry): void {
    for (const instruction of operator) {
      this.desk.remember(instruction);
      this.rows.unshift({ at: cut.at, cut: cut.number, instruction });
      if (this.rows.length > MAX_AUDIT_ROWS) this.rows.pop();
    }
  }
}
