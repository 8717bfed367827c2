import { describeSigner } from '../../../../test/contract/signer-contract';
import { FakeWeb3signer, type Manner } from '../../../../test/support/fake-web3signer';
import { anvilKeys } from '../../../../test/support/quorum';
import type { Keccak } from '../../../oracle/reporting/keccak';
import { loadKeccak } from '../../../platform/keccak';
import { developmentKey } from '../development-key';
import { KeySigner } from '../key-signer';
import { loadSecp256k1 } from '../secp256k1';
import type { RemoteFault } from './remote-signer-error';
import { Web3Signer } from './web3signer';

const KEY = developmentKey();
const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const MESSAGE = new Uint8Array(66).fill(0x19);

let keccak: Keccak;
let other: { readonly privateKey: Uint8Array; readonly address: string };
const ends: (() => unknown)[] = [];
beforeAll(async () => {
  keccak = await loadKeccak();
  [other] = (await anvilKeys(1)) as [typeof other];
});
afterAll(async () => {
  for (const end of ends) await end();
});

async function fakeSigner(): Promise<FakeWeb3signer> {
  const fake = await FakeWeb3signer.open(KEY, other.privateKey);
  ends.push(() => fake.close());
  return fake;
}

async function signerAt(url: string, timeoutMs = 5_000, address = ADDRESS): Promise<Web3Signer> {
  const signer = await Web3Signer.open({ url, address, timeoutMs }, await loadSecp256k1(), keccak);
  ends.unshift(() => signer.close());
  return signer;
}

describeSigner(KeySigner.name, async () => new KeySigner(KEY, await loadSecp256k1(), await loadKeccak()), KEY);
describeSigner(
  Web3Signer.name,
  async () => {
    return signerAt((await fakeSigner()).url);
  },
  KEY,
);

describe(Web3Signer.name, () => {
  it('asks by the public key, for a signature of the message itself', async () => {
    const fake = await fakeSigner();
    const signer = await signerAt(`${fake.url}/`);
    await signer.sign(MESSAGE);
    expect(fake.asked.at(-1)).toBe(`0x${'19'.repeat(66)}`);
  });

  it('proves at its start that the key signs, by a text that is neither transaction nor typed data', async () => {
    const fake = await fakeSigner();
    await signerAt(fake.url);
    expect(Buffer.from(fake.asked[0]!.slice(2), 'hex').toString()).toMatch(/^Assay asks/);
  });

  it.each<[Manner, RemoteFault, RegExp]>([
    ['drops the connection', 'unreachable', /cannot be reached: ECONNRESET/],
    ['answers garbage', 'malformed', /something that is no signature/],
    ['answers without end', 'tooLarge', /more than a signature takes/],
    ['redirects', 'redirected', /answered 307: redirects are not followed/],
    ['answers 500', 'refused', /it answered 500/],
    ['forgot the key', 'unknownKey', /no longer has the key/],
    ['signs with another key', 'wrongSignature', /not of 0xf39F.*: it is of 0x/],
    ['signs something else', 'wrongSignature', /or of something else/],
    ['hashes nothing', 'wrongSignature', /or of something else/],
    ['signs with the higher s', 'wrongSignature', /malleable/],
  ])('of one that %s nothing is used: %s', async (manner, fault, message) => {
    const fake = await fakeSigner();
    const signer = await signerAt(fake.url);
    fake.manner = manner;
    const signing = signer.sign(MESSAGE);
    await expect(signing).rejects.toThrow(message);
    await expect(signing).rejects.toMatchObject({ fault });
    await expect(signing).rejects.toThrow(new RegExp(`remote signer 127.0.0.1:${fake.port} `));
    fake.manner = 'signs';
    await expect(signer.sign(MESSAGE)).resolves.toHaveLength(65);
  });

  it('waits no longer than it may: an answer that comes later finds nobody', async () => {
    const fake = await fakeSigner();
    const signer = await signerAt(fake.url, 500);
    let open: () => void = () => undefined;
    fake.gate = new Promise((resolve) => (open = resolve));
    await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ fault: 'late' });
    open();
    await expect(signer.sign(MESSAGE)).resolves.toHaveLength(65);
  });

  it('leaves one alone that fails five times in a row, and tries it again later', async () => {
    const fake = await fakeSigner();
    const signer = await signerAt(fake.url);
    fake.manner = 'forgot the key';
    for (let failed = 0; failed < 5; failed++) {
      await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ fault: 'unknownKey' });
    }
    const asked = fake.asked.length;
    await expect(signer.sign(MESSAGE)).rejects.toMatchObject({ fault: 'resting' });
    expect(fake.asked).toHaveLength(asked);
  });

  it('once closed it asks nobody', async () => {
    const fake = await fakeSigner();
    const signer = await signerAt(fake.url);
    fake.manner = 'hangs';
    const signing = signer.sign(MESSAGE);
    signer.close();
    await expect(signing).rejects.toMatchObject({ fault: 'closed' });
  });

  it.each<[string, string | undefined, RegExp]>([
    ['of other keys', undefined, /does not hold the key of 0x.*, but 1 key of others: load it there/],
    ['of no keys', '[]', /but 0 keys of others/],
    ['that is none', '<html>', /no list of public keys: is it a web3signer/],
    ['of other things', '[1]', /no list of public keys/],
  ])('does not open upon a list %s', async (_what, list, message) => {
    const fake = await fakeSigner();
    fake.list = list;
    await expect(signerAt(fake.url, 5_000, other.address)).rejects.toThrow(message);
  });

  it('does not open where the key is listed and does not sign', async () => {
    const fake = await fakeSigner();
    fake.manner = 'answers 500';
    await expect(signerAt(fake.url)).rejects.toThrow(/it answered 500/);
  });

  it('does not open where nobody listens', async () => {
    const fake = await fakeSigner();
    const { url } = fake;
    await fake.close();
    await expect(signerAt(url)).rejects.toThrow(/remote signer 127\.0\.0\.1:\d+ cannot be reached: ECONNREFUSED/);
  });
});
