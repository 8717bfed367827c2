import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PERMITS, REASONS, STATUSES, TWAP_WINDOWS, type Figures, type Report } from '../../src/oracle/report';
import { HeaderDigest } from '../../src/oracle/reporting/header-digest';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { developmentKey } from '../../src/outbound/signing/development-key';
import { KeySigner } from '../../src/outbound/signing/key-signer';
import { loadSecp256k1 } from '../../src/outbound/signing/secp256k1';
import { loadKeccak } from '../../src/platform/keccak';
import { planOf } from '../support/plans';
import { signedMessage, toHex, type Hex, type SignedMessage } from '../support/signed-message';

const DOCS = resolve(__dirname, '../../docs');
const VECTORS = resolve(DOCS, 'report-vectors.json');

const PLAN = planOf({
  'BTC/USD': { decimals: 8, sources: {} },
  'ETH/USD': { sources: {} },
  'SOL/USD': { sources: {} },
});
const CUT = 180_000_000_000;

const REPORTS: readonly Report[] = [
  {
    feed: 0,
    sequence: 42,
    cut: CUT - 1,
    observedAt: 1_799_999_999_960,
    status: 'ok',
    reasons: [],
    permits: PERMITS,
    prices: {
      price: 8_412_345_000_000,
      low: 8_411_900_000_000,
      high: 8_412_790_000_000,
      collateral: 8_398_000_000_000,
      liability: 8_412_790_000_000,
    },
    sources: { used: 6, upstreams: 6 },
    dispersionBps: 1,
  },
  {
    feed: 1,
    sequence: 17,
    cut: CUT,
    observedAt: 1_799_999_999_990,
    status: 'degraded',
    reasons: ['thinUpstreams', 'wideBand'],
    permits: ['liquidate', 'repay', 'topUp'],
    prices: { price: 301_250, low: 296_000, high: 306_500, collateral: undefined, liability: undefined },
    sources: { used: 3, upstreams: 3 },
    dispersionBps: 90,
  },
  {
    feed: 2,
    sequence: 9,
    cut: CUT - 700,
    observedAt: undefined,
    status: 'halted',
    reasons: ['tooFewUpstreams'],
    permits: ['repay', 'topUp'],
    prices: undefined,
    sources: { used: 2, upstreams: 2 },
    dispersionBps: 0,
  },
];

const FIGURES: readonly Figures[] = [
  {
    feed: 0,
    cut: CUT - 50,
    twaps: [
      { price: 8_412_100_000_000, coverageBps: 10_000 },
      { price: 8_410_000_000_000, coverageBps: 9_950 },
      { price: undefined, coverageBps: 4_000 },
      { price: undefined, coverageBps: 2_000 },
    ],
    stable: 8_398_000_000_000,
    volatilityPpm: 800_000,
    observations: 600,
  },
];

interface Vectors extends SignedMessage {
  readonly network: string;
  readonly domain: { readonly name: string; readonly version: string; readonly salt: Hex };
  readonly signer: string;
  readonly digest: Hex;
}

async function computeVectors(keccak: Keccak): Promise<Vectors> {
  const signer = new KeySigner(developmentKey(), await loadSecp256k1(), keccak);
  const configHash = new Uint8Array(32).fill(0xc0);
  const message = signedMessage(
    { plan: PLAN, cut: CUT, reports: REPORTS, figures: FIGURES, configHash },
    signer,
    keccak,
  );
  const digest = new HeaderDigest(PLAN.network, keccak);
  const bytes = (hex: Hex): Uint8Array => Buffer.from(hex.slice(2), 'hex');
  const { cut, root, riskRoot, packedRoot, signerEpoch, validUntil } = message.header;
  const hashes = { root: bytes(root), riskRoot: bytes(riskRoot), packedRoot: bytes(packedRoot), configHash };
  return {
    network: PLAN.network,
    domain: { name: digest.name, version: digest.version, salt: toHex(digest.salt) },
    signer: signer.address,
    ...message,
    digest: toHex(digest.of({ cut: Number(cut), ...hashes, signerEpoch, validUntil: Number(validUntil) })),
  };
}

describe('docs/report.md', () => {
  const page = readFileSync(resolve(DOCS, 'report.md'), 'utf8');

  test.each([
    ['statuses', STATUSES],
    ['permits', PERMITS],
    ['reasons', REASONS],
    ['TWAP windows', TWAP_WINDOWS],
  ])('lists the codes of all %s', (_, names) => {
    for (const [code, name] of names.entries()) expect(page).toMatch(new RegExp(`^\\| ${code} +\\| \`${name}\``, 'm'));
  });

  test('its example and its vectors are what the code writes (ASSAY_WRITE_VECTORS=1 writes the vectors anew)', async () => {
    const vectors = await computeVectors(await loadKeccak());
    if (process.env['ASSAY_WRITE_VECTORS'] === '1') writeFileSync(VECTORS, `${JSON.stringify(vectors, null, 2)}\n`);
    expect(JSON.parse(readFileSync(VECTORS, 'utf8'))).toEqual(vectors);
    const [ok, , halted] = vectors.reports;
    const { root } = vectors.header;
    const shown = [ok!.price.leaf, ok!.figures!.leaf, halted!.price.leaf, root, vectors.digest, vectors.signature];
    for (const hex of [...shown, vectors.signer, ...ok!.price.proof]) expect(page).toContain(hex);
  });
});

describe('docs/report-vectors.json', () => {
  test('holds under viem: the digest, its signer, and every leaf under the root', async () => {
    const viem = await import('viem');
    const { domain, header, digest, signature, signer, reports } = JSON.parse(readFileSync(VECTORS, 'utf8')) as Vectors;
    const types = {
      Snapshot: [
        ...viem.parseAbiParameters('uint64 cut, bytes32 packedRoot, uint32 signerEpoch, uint64 validUntil'),
        { name: 'evidence', type: 'Evidence' },
      ],
      Evidence: viem.parseAbiParameters('bytes32 root, bytes32 riskRoot, bytes32 configHash'),
    } as Record<string, readonly { name: string; type: string }[]>;
    const message = { ...header, evidence: header };
    expect(viem.hashTypedData({ domain, types, primaryType: 'Snapshot', message })).toBe(digest);
    await expect(viem.recoverAddress({ hash: digest, signature })).resolves.toBe(signer);
    for (const { leaf, proof } of reports.flatMap(({ price, figures }) => [price, ...(figures ? [figures] : [])])) {
      const climb = (a: Hex, b: Hex): Hex => viem.keccak256(viem.concat(a < b ? [a, b] : [b, a]));
      expect(proof.reduce(climb, viem.keccak256(leaf))).toBe(header.root);
    }
  });
});
