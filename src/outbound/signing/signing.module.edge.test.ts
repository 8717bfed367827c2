import { Test } from '@nestjs/testing';
import { SIGNER, type Signer } from './signer';
import { SigningModule } from './signing.module';

const SETTINGS = {
  network: 'assay-local',
  keystoreFile: undefined,
  password: () => Promise.reject(new Error('nobody asks')),
};
const silent = { info: () => undefined, warn: () => undefined };

describe(SigningModule.name, () => {
  test('provides the one signer', async () => {
    const imports = [SigningModule.register({ ...SETTINGS, development: true }, silent)];
    const module = await Test.createTestingModule({ imports }).compile();
    expect(module.get<Signer>(SIGNER).sign(new Uint8Array(32))).toHaveLength(65);
  });

  test('without a key the application does not start', async () => {
    const imports = [SigningModule.register({ ...SETTINGS, development: false }, silent)];
    await expect(Test.createTestingModule({ imports }).compile()).rejects.toThrow(/there is no signing key/);
  });
});
