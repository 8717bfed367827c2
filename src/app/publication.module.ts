import { Module, type DynamicModule } from '@nestjs/common';
import { HeaderDigest } from '../oracle/reporting/header-digest';
import type { Keccak } from '../oracle/reporting/keccak';
import { ORACLE_PLAN, PUBLICATION, type Publication } from '../outbound/ledger/publication';
import { SigningModule } from '../outbound/signing/signing.module';
import { SIGNER, type AnySigner } from '../outbound/signing/signer';
import type { Configuration } from '../platform/config/configuration';
import { configHashBytes } from '../platform/config/configuration';

/** What is published and by whom, for every room that tells others: the plan, the signing domain, the signers. */
@Module({})
export class PublicationModule {
  /** @param quorum who signs together, where it is not this process's key alone */
  static register(
    configuration: Configuration,
    keccak: Keccak,
    signing: DynamicModule,
    { signers, threshold }: Partial<Pick<Publication, 'signers' | 'threshold'>> = {},
  ): DynamicModule {
    const { name, version, salt } = new HeaderDigest(configuration.plan.network, keccak);
    const publication = ({ address }: AnySigner): Publication => ({
      network: configuration.plan.network,
      domain: { name, version, salt },
      signers: signers ?? [address],
      threshold: threshold ?? 1,
      configHash: configHashBytes(configuration),
    });
    return {
      module: PublicationModule,
      global: true,
      imports: [signing],
      providers: [
        { provide: ORACLE_PLAN, useValue: configuration.plan },
        { provide: PUBLICATION, useFactory: publication, inject: [SIGNER] },
      ],
      exports: [ORACLE_PLAN, PUBLICATION, SigningModule],
    };
  }
}
