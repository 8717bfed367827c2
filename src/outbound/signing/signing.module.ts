import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import { loadKeccak } from '../../platform/keccak';
import { createSigner, type SigningSettings } from './create-signer';
import { SIGNER } from './signer';

/** Provides SIGNER; the application does not start without a key that may sign for its network. */
@Module({})
export class SigningModule {
  static register(settings: SigningSettings, log: Pick<Logger, 'info' | 'warn'>): DynamicModule {
    const useFactory = async () => createSigner(settings, await loadKeccak(), log);
    return { module: SigningModule, providers: [{ provide: SIGNER, useFactory }], exports: [SIGNER] };
  }
}
