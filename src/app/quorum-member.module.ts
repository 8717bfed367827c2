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
import { StreamModule } from '../outbound/stream/stream.module';
import { StreamService } from '../outbound/stream/stream.service';
import type { QuorumConfiguration } from '../platform/config/quorum';
import { CutMeter } from '../platform/metrics/cut-meter';
import { MetricsModule } from '../platform/metrics/metrics.module';
import { QuorumModule, QuorumRuntime } from '../runtime/quorum/quorum.module';
import type { QuorumSetting } from '../runtime/quorum/quorum-setting';
import { RuntimeStanding } from '../runtime/runtime.module';
import { SignerStanding } from '../runtime/signer-standing';
import { inboundServices } from './inbound-services';
import { OutboundMeter } from './outbound-meter';
import type { ProcessParts } from './process-parts';
import { PublicationModule } from './publication.module';
import { QuorumMemberService } from './quorum-member.service';
import type { StandaloneOptions } from './standalone.module';

export interface QuorumMemberOptions extends StandaloneOptions {
  readonly quorum: QuorumConfiguration;
  /** What this goes on from, and what goes on from this. */
  readonly before?: QuorumSetting;
  readonly next?: QuorumSetting;
  /** A standby: has no sources and signs nothing, but keeps and serves what the signers certify. */
  readonly follows: boolean;
}

/** The role of a signer, or of a standby: every room in one process, over what the quorum certifies. */
@Module({})
export class QuorumMemberModule {
  static register(options: QuorumMemberOptions, parts: ProcessParts): DynamicModule {
    const { configuration, signing, dataDirectory, environment, quorum, follows } = options;
    const { keccak, clock, timers, metrics, log } = parts;
    const cuts = new CutMeter(metrics, configuration.plan, clock);
    const meter = new OutboundMeter(metrics);
    const standing = new RuntimeStanding(new SignerStanding({ metrics, clock, log }));
    const ledger = { keepMs: configuration.service.ledger.retainMs, clock };
    const facts = () => ({ ...standing.facts(), running: follows || standing.facts().running });
    const signers = quorum.signers.map(({ address }) => address);
    const publication = { signers, threshold: quorum.threshold };
    const operators = { operators: configuration.service.operators, keccak, clock, log };
    return {
      module: QuorumMemberModule,
      imports: [
        ScheduleModule.forRoot(),
        LedgerModule.forRoot(dataDirectory === undefined ? ledger : { ...ledger, directory: dataDirectory }),
        PublicationModule.register(configuration, keccak, SigningModule.register(signing, log), publication),
        QuorumModule.register({ ...parts, ...options, dataDirectory, cuts, standing }),
        StreamModule.forRoot({ clock, timers, meter }),
        RestModule.forRoot({ facts, clock }),
        AlertsModule.register(parts.alertSinks, log),
        ...(follows ? [] : [OperatorModule.register(operators)]),
        MetricsModule.register(metrics, [() => cuts.refresh(), () => meter.refresh()]),
      ],
      providers: [
        ...(follows ? [] : inboundServices(configuration, environment, parts)),
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
          provide: QuorumMemberService,
          useFactory: (runtime: QuorumRuntime, ...sources: (VenuesService | ChainsService)[]) =>
            new QuorumMemberService(runtime, sources),
          inject: [QuorumRuntime, ...(follows ? [] : [VenuesService, ChainsService])],
        },
      ],
    };
  }
}
