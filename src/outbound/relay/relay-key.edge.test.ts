import { FakeWeb3signer, type Manner } from '../../../test/support/fake-web3signer';
import { anvilKeys, type AnvilKey } from '../../../test/support/quorum';
import { loadKeccak } from '../../platform/keccak';
import type { RemoteSignerSettings } from '../signing/remote/web3signer';
import { isRemote, type AnySigner } from '../signing/signer';
import { loadRelayKey, type RelayKeySettings } from './relay-key';

let fake: FakeWeb3signer;
let own: AnvilKey;
let other: AnvilKey;
let remote: RemoteSignerSettings;
let opened: AnySigner | undefined;

beforeEach(async () => {
  [own, other] = (await anvilKeys(2)) as [AnvilKey, AnvilKey];
  fake = await FakeWeb3signer.open(own.privateKey, other.privateKey);
  remote = { url: fake.url, address: own.address, timeoutMs: 5_000 };
});
afterEach(async () => {
  if (opened !== undefined && isRemote(opened)) opened.close();
  opened = undefined;
  await fake.close();
});

async function load(settings: Partial<RelayKeySettings>): Promise<AnySigner> {
  const password = (): Promise<string> => Promise.reject(new Error('nobody knows it'));
  opened = await loadRelayKey({ environment: {}, keystoreFile: undefined, password, ...settings }, await loadKeccak());
  return opened;
}

const hexOf = ({ privateKey }: AnvilKey): string => Buffer.from(privateKey).toString('hex');

describe(loadRelayKey.name, () => {
  it.each<[where: string, settings: () => Partial<RelayKeySettings>]>([
    ['that the options name', () => ({ remote })],
    ['of service.yaml, where nothing else is given', () => ({ configured: remote })],
    ['that the options name, whatever service.yaml says', () => ({ remote, configured: elsewhere() })],
  ])('gives the key of the web3signer %s', async (_, settings) => {
    const signer = await load(settings());
    expect(signer.address.toLowerCase()).toBe(own.address);
    expect(isRemote(signer)).toBe(true);
  });

  it('takes the key that it is given rather than the web3signer of service.yaml, which may be a price signer’s', async () => {
    const signer = await load({ environment: { ASSAY_RELAY_KEY: hexOf(other) }, configured: remote });
    expect(signer.address.toLowerCase()).toBe(other.address);
    expect(fake.asked).toEqual([]);
  });

  it.each<[what: string, settings: () => Partial<RelayKeySettings>, fault: RegExp]>([
    ['without any', () => ({}), /has no key: set ASSAY_RELAY_KEY.*or give --keystore FILE or --remote-signer URL/],
    ['here and there', () => ({ environment: { ASSAY_RELAY_KEY: hexOf(own) }, remote }), /is given twice/],
    ['in a file and there', () => ({ keystoreFile: 'key.json', remote }), /is given twice/],
    ['of an address that the signer does not have', () => ({ remote: elsewhere() }), /does not hold the key of 0x/],
  ])('refuses a key %s', async (_, settings, fault) => {
    await expect(load(settings())).rejects.toThrow(fault);
  });

  it.each<[Manner, RegExp]>([
    ['signs with another key', /gave a signature that is not of 0x/],
    ['answers 500', /remote signer 127\.0\.0\.1:\d+ refused to sign: it answered 500/],
  ])('refuses a signer that %s', async (manner, fault) => {
    fake.manner = manner;
    await expect(load({ remote })).rejects.toThrow(fault);
  });
});

const elsewhere = (): RemoteSignerSettings => ({ ...remote, address: other.address });
