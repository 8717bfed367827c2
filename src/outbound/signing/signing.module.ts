import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { loadKeccak } from '../../platform/keccak';
import { openSigner, type ProcessSigningSettings } from './open-signer';
import { isRemote, SIGNER, type AnySigner } from './signer';

/** Lets go of a remote signer once nothing is left to sign. */
class SignerLifetime implements OnApplicationShutdown {
  constructor(private readonly signer: AnySigner) {}

  onApplicationShutdown(): void {
    if (isRemote(this.signer)) this.signer.close();
  }
}

/** Provides SIGNER; the application does not start without a key that may sign for its network. */
@Module({})
export class SigningModule {
  static register(settings: ProcessSigningSettings, log: Pick<Logger, 'info' | 'warn'>): DynamicModule {
    const useFactory = async () => openSigner(settings, await loadKeccak(), log);
    const lifetime = {
      provide: SignerLifetime,
      useFactory: (signer: AnySigner) => new SignerLifetime(signer),
      inject: [SIGNER],
    };
    return { module: SigningModule, providers: [{ provide: SIGNER, useFactory }, lifetime], exports: [SIGNER] };
  }
}
