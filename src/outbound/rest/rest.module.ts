import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { Clock } from '../../platform/clock/clock';
import { systemClock } from '../../platform/clock/system-clock';
import { ViewModule } from '../ledger/view.module';
import { AnyProblemFilter } from './any-problem.filter';
import { FeedsController } from './feeds.controller';
import { GroupsController } from './groups.controller';
import { HealthController, REST_CLOCK, SERVICE_FACTS, type ServiceFacts } from './health.controller';
import { PricesController } from './prices.controller';
import { RiskController } from './risk.controller';

export interface RestOptions {
  readonly facts: ServiceFacts;
  readonly clock?: Clock;
}

@Module({})
export class RestModule {
  static forRoot({ facts, clock = systemClock }: RestOptions): DynamicModule {
    return {
      module: RestModule,
      imports: [ViewModule],
      controllers: [FeedsController, PricesController, RiskController, GroupsController, HealthController],
      providers: [
        { provide: REST_CLOCK, useValue: clock },
        { provide: SERVICE_FACTS, useValue: facts },
        { provide: APP_FILTER, useClass: AnyProblemFilter },
      ],
    };
  }
}
