import { type DynamicModule, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import type { OraclePlan } from '../../oracle/plan';
import type { Keccak } from '../../oracle/reporting/keccak';
import type { Clock } from '../../platform/clock/clock';
import { LEDGER, type Ledger } from '../ledger/ledger';
import { ORACLE_PLAN } from '../ledger/publication';
import { OperatorController } from './operator.controller';
import { OperatorDesk } from './operator-desk';
import { OPERATOR_INBOX, type OperatorInbox } from './operator-inbox';
import { OperatorService } from './operator.service';

export interface OperatorOptions {
  /** Addresses in small letters; with none, every instruction is refused. */
  readonly operators: readonly string[];
  readonly keccak: Keccak;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** Obeys operators. Needs `LEDGER`, `ORACLE_PLAN` and `OPERATOR_INBOX` from global modules. */
@Module({})
export class OperatorModule {
  static register({ operators, keccak, clock, log }: OperatorOptions): DynamicModule {
    const useFactory = (plan: OraclePlan, ledger: Ledger, inbox: OperatorInbox): OperatorService =>
      new OperatorService(new OperatorDesk(plan, operators, keccak), inbox, ledger, clock, log);
    const inject = [ORACLE_PLAN, LEDGER, OPERATOR_INBOX];
    return {
      module: OperatorModule,
      controllers: [OperatorController],
      providers: [{ provide: OperatorService, useFactory, inject }],
    };
  }
}
