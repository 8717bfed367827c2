import { Module, type DynamicModule } from '@nestjs/common';
import { RelayService, type RelayParts } from '../outbound/relay/relay.service';
import { MetricsModule } from '../platform/metrics/metrics.module';

/** The role of a relayer: it knows the service that publishes by its stream, and signs nothing but transactions. */
@Module({})
export class RelayerModule {
  static register(parts: RelayParts): DynamicModule {
    return {
      module: RelayerModule,
      imports: [MetricsModule.register(parts.metrics, [])],
      providers: [{ provide: RelayService, useFactory: () => new RelayService(parts) }],
    };
  }
}
