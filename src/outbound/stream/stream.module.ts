import { type DynamicModule, Module } from '@nestjs/common';
import { systemClock, systemTimers } from '../../platform/clock/system-clock';
import { ViewModule } from '../ledger/view.module';
import { DEFAULT_LIMITS, NO_METER, STREAM_SETTINGS, type StreamLimits, type StreamSettings } from './limits';
import { StreamService } from './stream.service';

export type StreamOptions = Partial<Omit<StreamSettings, 'limits'>> & { readonly limits?: Partial<StreamLimits> };

@Module({})
export class StreamModule {
  static forRoot(options: StreamOptions = {}): DynamicModule {
    const { meter = NO_METER, clock = systemClock, timers = systemTimers } = options;
    const settings: StreamSettings = { limits: { ...DEFAULT_LIMITS, ...options.limits }, meter, clock, timers };
    return {
      module: StreamModule,
      imports: [ViewModule],
      providers: [{ provide: STREAM_SETTINGS, useValue: settings }, StreamService],
      exports: [StreamService],
    };
  }
}
