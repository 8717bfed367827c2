import { type DynamicModule, Module } from '@nestjs/common';
import { systemClock, systemTimers } from '../../platform/clock/system-clock';
import { ViewModule } from '../ledger/view.module';
import { DEFAULT_LIMITS, STREAM_SETTINGS, type StreamLimits, type StreamSettings } from './limits';
import { StreamService } from './stream.service';

export type StreamOptions = Partial<Omit<StreamSettings, 'limits'>> & { readonly limits?: Partial<StreamLimits> };

@Module({})
export class StreamModule {
  static forRoot({ limits, clock = systemClock, timers = systemTimers }: StreamOptions = {}): DynamicModule {
    const settings: StreamSettings = { limits: { ...DEFAULT_LIMITS, ...limits }, clock, timers };
    return {
      module: StreamModule,
      imports: [ViewModule],
      providers: [{ provide: STREAM_SETTINGS, useValue: settings }, StreamService],
      exports: [StreamService],
    };
  }
}
