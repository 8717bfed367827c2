import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { ChainsService } from '../inbound/chains.service';
import { VenuesService } from '../inbound/venues.service';
import { AlertsModule } from '../outbound/alerts/alerts.module';
import { AlertsService } from '../outbound/alerts/alerts.service';
import { LedgerModule } from '../outbound/ledger/ledger.module';
import { OperatorModule } from '../outbound/operator/operator.module';
import { RestModule } from '../outbound/rest/rest.module';
import { SigningModule } from '../outbound/signing/signing.module';
import type { ProcessSigningSettings } from '../outbound/signing/open-signer';
import { StreamModule } from '../outbound/stream/stream.module';
import { StreamService } from '../outbound/stream/stream.service';
import type { Configuration } from '../platform/config/configuration';
import { CutMeter } from '../platform/metrics/cut-meter';
import { MetricsModule } from '../platform/metrics/metrics.module';
import { LiveRuntime, RuntimeModule, RuntimeStanding } from '../runtime/runtime.module';
import { SignerStanding } from '../runtime/signer-standing';
import { inboundServices } from './inbound-services';
import { OutboundMeter } from './outbound-meter';
import type { ProcessParts } from './process-parts';
import { PublicationModule } from './publication.module';
import { StandaloneService } from './standalone.service';

export interface StandaloneOptions {
  readonly configuration: Configuration;
  readonly signing: ProcessSigningSettings;
  /** Where the ledger is kept; without one it is in memory and ends with the process. */
  readonly dataDirectory?: string | undefined;
  readonly recordFile?: string | undefined;
  /** What to start from where the ledger is empty. */
  readonly state?: unknown;
  readonly environment: NodeJS.ProcessEnv;
}

/** The role of a single machine: every room in one process, over one embedded ledger. */
@Module({})
export class StandaloneModule {
  static register(options: StandaloneOptions, parts: ProcessParts): DynamicModule {
    const { configuration, signing, dataDirectory, environment } = options;
    const { keccak, clock, timers, metrics, log } = parts;
    const cuts = new CutMeter(metrics, configuration.plan, clock);
    const meter = new OutboundMeter(metrics);
    const standing = new RuntimeStanding(new SignerStanding({ metrics, clock, log }));
    const ledger = { keepMs: configuration.service.ledger.retainMs, clock };
    return {
      module: StandaloneModule,
      imports: [
        ScheduleModule.forRoot(),
        LedgerModule.forRoot(dataDirectory === undefined ? ledger : { ...ledger, directory: dataDirectory }),
        PublicationModule.register(configuration, keccak, SigningModule.register(signing, log)),
        RuntimeModule.register({ ...parts, ...options, cuts, standing }),
        StreamModule.forRoot({ clock, timers, meter }),
        RestModule.forRoot({ facts: () => standing.facts(), clock }),
        AlertsModule.register(parts.alertSinks, log),
        OperatorModule.register({ operators: configuration.service.operators, keccak, clock, log }),
        MetricsModule.register(metrics, [() => cuts.refresh(), () => meter.refresh()]),
      ],
      providers: [
        ...inboundServices(configuration, environment, parts),
        {
          provide: SignerStanding,
          useFactory: (alerts: AlertsService) => standing.signer.tellTo((change) => alerts.tell(change)),
          inject: [AlertsService],
        },
        {
          provide: OutboundMeter,
          useFactory: (stream: StreamService, alerts: AlertsService) => meter.watch(stream, alerts),
          inject: [StreamService, AlertsService],
        },
        {
          provide: StandaloneService,
          useFactory: (...rooms: ConstructorParameters<typeof StandaloneService>) => new StandaloneService(...rooms),
          inject: [LiveRuntime, VenuesService, ChainsService],
        },
      ],
    };
  }
}
