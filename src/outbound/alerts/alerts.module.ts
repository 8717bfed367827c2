import { type DynamicModule, Module } from '@nestjs/common';
import type { Logger } from 'pino';
import { LEDGER, type Ledger } from '../ledger/ledger';
import { AlertsController } from './alerts.controller';
import { AlertsService } from './alerts.service';
import type { AlertSink } from './sinks/alert-sink';

/** Tells the alerts of the ledger; LEDGER must be provided by a global module. */
@Module({})
export class AlertsModule {
  static register(sinks: readonly AlertSink[], log: Pick<Logger, 'error'>): DynamicModule {
    const useFactory = (ledger: Ledger): AlertsService => new AlertsService(ledger, sinks, log);
    return {
      module: AlertsModule,
      controllers: [AlertsController],
      providers: [{ provide: AlertsService, useFactory, inject: [LEDGER] }],
      exports: [AlertsService],
    };
  }
}
