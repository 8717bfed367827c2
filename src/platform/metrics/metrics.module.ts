import { Module, type DynamicModule } from '@nestjs/common';
import type { Metrics } from './metrics';
import { METRICS_TEXT, MetricsController, type MetricsText } from './metrics.controller';

/** GET /metrics. `refresh` are called before each scrape. */
@Module({})
export class MetricsModule {
  static register(metrics: Metrics, refresh: readonly (() => void)[]): DynamicModule {
    const text: MetricsText = () => {
      for (const each of refresh) each();
      return metrics.registry.metrics();
    };
    return {
      module: MetricsModule,
      controllers: [MetricsController],
      providers: [{ provide: METRICS_TEXT, useValue: text }],
    };
  }
}
