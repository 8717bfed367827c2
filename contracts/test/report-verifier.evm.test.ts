import { PERMITS, type Report } from '../../src/oracle/report';
import { HeaderDigest } from '../../src/oracle/reporting/header-digest';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { cutNumberAt } from '../../src/oracle/units/time';
import { developmentKey } from '../../src/outbound/signing/development-key';
import { KeySigner } from '../../src/outbound/signing/key-signer';
import { loadSecp256k1 } from '../../src/outbound/signing/secp256k1';
import { loadKeccak } from '../../src/platform/keccak';
import { startAnvil, type Anvil } from '../../test/support/anvil';
import { planOf } from '../../test/support/plans';
import { deployReportVerifier, type DeployedVerifier } from '../../test/support/report-verifier';
import { signedMessage, toHex, type Hex, type ProvenLeaf, type SignedMessage } from '../../test/support/signed-message';

const SECOND = 1_900_000_000;
const CUT = cutNumberAt(SECOND * 1_000);
const PLAN = planOf({
  'BTC/USD': { decimals: 8, sources: {} },
  'ETH/USD': { sources: {} },
  'SOL/USD': { sources: {} },
});
const CONFIG_HASH = new Uint8Array(32).fill(7);

const OK: Report = {
  feed: 0,
  sequence: 42,
  cut: CUT - 3,
  observedAt: SECOND * 1_000 - 40,
  status: 'ok',
  reasons: [],
  permits: PERMITS,
  prices: {
    price: 10_000_000_000_000,
    low: 9_990_000_000_000,
    high: 10_010_000_000_000,
    collateral: 9_900_000_000_000,
    liability: 10_010_000_000_000,
  },
  sources: { used: 6, upstreams: 6 },
  dispersionBps: 1,
};
const DEGRADED: Report = {
  ...OK,
  feed: 1,
  status: 'degraded',
  reasons: ['wideBand'],
  permits: ['liquidate', 'repay', 'topUp'],
  prices: { price: 300_000, low: 290_000, high: 310_000, collateral: undefined, liability: undefined },
};
const HALTED: Report = {
  ...OK,
  feed: 2,
  status: 'halted',
  reasons: ['tooFewUpstreams'],
  permits: ['repay', 'topUp'],
  observedAt: undefined,
  prices: undefined,
};

let chain: Anvil;
let keccak: Keccak;
let signer: KeySigner;
let verifier: DeployedVerifier;
let message: SignedMessage;

beforeAll(async () => {
  // The chain's first block says this second; its time then goes on by itself, well within `validUntil`.
  chain = await startAnvil(['--timestamp', String(SECOND)]);
  keccak = await loadKeccak();
  signer = new KeySigner(developmentKey(), await loadSecp256k1(), keccak);
  verifier = await deployReportVerifier(chain.url, signer.address, PLAN.network);
  message = signedAt({});
});
afterAll(() => chain.stop());

function signedAt({ cut = CUT, validUntil = SECOND * 1_000 + 3_600_000 }): SignedMessage {
  const sketch = { plan: PLAN, cut, validUntil, reports: [OK, DEGRADED, HALTED], configHash: CONFIG_HASH };
  return signedMessage(sketch, signer, keccak);
}

/** A header over these very bytes alone: what a signer gone wrong would sign. */
function signedLeaf(leaf: Uint8Array): [SignedMessage, ProvenLeaf] {
  const root = keccak(leaf);
  const zero = new Uint8Array(32);
  const { cut, validUntil } = message.header;
  const hashes = { root, riskRoot: zero, packedRoot: zero, configHash: CONFIG_HASH };
  const header = { ...hashes, cut: Number(cut), signerEpoch: 1, validUntil: Number(validUntil) };
  const signature = toHex(signer.sign(new HeaderDigest(PLAN.network, keccak).of(header)));
  return [
    { ...message, header: { ...message.header, root: toHex(root) }, signature },
    { leaf: toHex(leaf), proof: [] },
  ];
}

const priceOf = (feed: number): ProvenLeaf => message.reports[feed]!.price;
const bytesOf = (hex: Hex): Buffer => Buffer.from(hex.slice(2), 'hex');

function changed(leaf: Hex, at: number, ...bytes: number[]): Uint8Array {
  const copy = bytesOf(leaf);
  copy.set(bytes, at);
  return copy;
}

describe('AssayReportVerifier', () => {
  test('reads off the chain what the oracle reported', async () => {
    await expect(verifier.verify(message, priceOf(0))).resolves.toEqual({
      feed: `0x${Buffer.from('BTC/USD'.padEnd(32, '\0')).toString('hex')}`,
      assetVersion: 1,
      decimals: 8,
      cut: OK.cut,
      sequence: 42,
      status: 4,
      permits: 0b11111,
      reasons: 0,
      observedAt: OK.observedAt,
      price: 10_000_000_000_000n,
      low: 9_990_000_000_000n,
      high: 10_010_000_000_000n,
      hasUsePrices: true,
      collateral: 9_900_000_000_000n,
      liability: 10_010_000_000_000n,
    });
  });

  test('a degraded report says so, and that its use prices are not known', async () => {
    const report = await verifier.verify(message, priceOf(1));
    expect(report).toMatchObject({
      status: 3,
      permits: 0b11100,
      reasons: 1 << 5,
      price: 300_000n,
      hasUsePrices: false,
    });
  });

  test('a halted report gives no price, not even zero', async () => {
    await expect(verifier.verify(message, priceOf(2))).rejects.toThrow(
      /NoPrice\(uint8 status, uint32 reasons\)\s+\(0, 1\)/,
    );
  });

  test('a header past its validUntil counts as halted', async () => {
    const validUntil = SECOND * 1_000 - 1;
    await expect(verifier.verify(signedAt({ validUntil }), priceOf(0))).rejects.toThrow(/Expired/);
  });

  test('no field of the header can be changed', async () => {
    const other = toHex(new Uint8Array(32).fill(9));
    for (const change of [
      { cut: String(CUT + 1) },
      { riskRoot: other },
      { packedRoot: other },
      { configHash: other },
      { signerEpoch: 2 },
      { validUntil: String(Number(message.header.validUntil) + 1) },
    ]) {
      const header = { ...message.header, ...change };
      await expect(verifier.verify({ ...message, header }, priceOf(0))).rejects.toThrow(/BadSignature\(/);
    }
  });

  test('another key, another network and a signature of nothing are refused', async () => {
    const stranger = new KeySigner(new Uint8Array(32).fill(1), await loadSecp256k1(), keccak);
    const sketch = { cut: CUT, reports: [OK], configHash: CONFIG_HASH, validUntil: Number(message.header.validUntil) };
    const byStranger = signedMessage({ plan: PLAN, ...sketch }, stranger, keccak);
    const elsewhere = signedMessage({ plan: { ...PLAN, network: 'assay-local-2' }, ...sketch }, signer, keccak);
    for (const forged of [byStranger, elsewhere, { ...message, signature: `0x${'00'.repeat(65)}` as const }]) {
      await expect(verifier.verify(forged, priceOf(0))).rejects.toThrow(/BadSignature\(/);
    }
  });

  test("the twin of a signature, which recovers to the same key, is refused: Assay's s is the lower", async () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const bytes = bytesOf(message.signature);
    const s = order - BigInt(toHex(bytes.subarray(32, 64)));
    const v = bytes[64] === 27 ? '1c' : '1b';
    const twin = `${message.signature.slice(0, 66)}${s.toString(16).padStart(64, '0')}${v}` as Hex;
    await expect(verifier.verify({ ...message, signature: twin }, priceOf(0))).rejects.toThrow(/MalleableSignature/);
  });

  test('a signature has 65 bytes', async () => {
    const signature = message.signature.slice(0, -2) as Hex;
    await expect(verifier.verify({ ...message, signature }, priceOf(0))).rejects.toThrow(/BadSignatureLength/);
  });

  test("a changed leaf, another leaf's proof and a torn proof are not in the root", async () => {
    const { leaf, proof } = priceOf(0);
    for (const price of [
      { leaf: toHex(changed(leaf, 60, 1)), proof },
      { leaf, proof: priceOf(1).proof },
      { leaf, proof: proof.slice(1) },
    ]) {
      await expect(verifier.verify(message, price)).rejects.toThrow(/NotInRoot/);
    }
  });

  test('two hashes that pose as a leaf of 64 bytes are refused', async () => {
    const { leaf, proof } = priceOf(0);
    const pair = [keccak(bytesOf(leaf)), bytesOf(proof[0]!)].sort(Buffer.compare);
    const inner = { leaf: toHex(Buffer.concat(pair)), proof: proof.slice(1) };
    await expect(verifier.verify(message, inner)).rejects.toThrow(/MalformedLeaf.*length/s);
  });

  test.each<[string, string, (leaf: Hex) => Uint8Array]>([
    ['another kind', 'kind', (leaf) => changed(leaf, 0, 2)],
    ['no byte at all', 'kind', () => new Uint8Array()],
    ['a byte too many', 'length', (leaf) => Uint8Array.of(...bytesOf(leaf), 0)],
    ['an ok report without a price', 'status', (leaf) => bytesOf(leaf).subarray(0, 53)],
    ['a halted report with one', 'status', (leaf) => changed(leaf, 47, 0, 0x18)],
    ['an unknown status', 'status', (leaf) => changed(leaf, 47, 5)],
    ['a grace that permits to open', 'permits', (leaf) => changed(leaf, 47, 2)],
    ['a degraded one that permits to open', 'permits', (leaf) => changed(leaf, 47, 3, 0x1d)],
    ['an ok one that withholds', 'permits', (leaf) => changed(leaf, 48, 0x18)],
    ['a cut after the header', 'cut', (leaf) => changed(leaf, 36, 0xff)],
    ['a negative price', 'price', (leaf) => changed(leaf, 59, 0xff)],
    ['a band that does not hold its price', 'band', (leaf) => changed(leaf, 67, 0x7f)],
    ['a collateral above the low price', 'use prices', (leaf) => changed(leaf, 83, 0x7f)],
  ])('refuses %s even under a true signature', async (_, what, change) => {
    const [signed, price] = signedLeaf(change(priceOf(0).leaf));
    const refusal = new RegExp(`MalformedLeaf\\(string what\\)\\s+\\(${what}\\)`);
    await expect(verifier.verify(signed, price)).rejects.toThrow(refusal);
  });

  test('costs less than 25,000 gas beyond the transaction itself', async () => {
    expect(await verifier.gasOf(message, priceOf(0))).toBeLessThan(25_000n);
  });
});
