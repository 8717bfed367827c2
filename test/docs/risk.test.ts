import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { plainPrimitives } from '../../client/verifier/primitives';
import { verifyHorizon } from '../../client/verifier/risk-leaf';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { RiskTree, type RiskLeaf } from '../../src/oracle/reporting/risk-tree';
import { dependenceWords, riskWords } from '../../src/oracle/reporting/risk-words';
import { RISK_FLAGS } from '../../src/oracle/reporting/risk-head';
import { loadKeccak } from '../../src/platform/keccak';
import { plainRisk } from '../support/arbitrary-risk';
import { planOf } from '../support/plans';
import { toHex, type Hex, type ProvenLeaf } from '../support/signed-message';

const DOCS = resolve(__dirname, '../../docs');
const VECTORS = resolve(DOCS, 'risk-vectors.json');
const PLAN = planOf({ 'BTC/USD': { sources: {} }, 'ETH/USD': { sources: {} } });
const CUT = 180_000_000_000;

interface Vectors {
  readonly riskRoot: Hex;
  readonly risk: readonly { readonly feed: string; readonly leaves: readonly ProvenLeaf[]; readonly view: unknown }[];
  readonly dependence: { readonly feeds: unknown; readonly leaves: readonly ProvenLeaf[]; readonly view: unknown };
}

function computeVectors(keccak: Keccak): Vectors {
  const risk = plainRisk(CUT);
  const tree = new RiskTree(risk, PLAN, keccak);
  const shown = ({ bytes, proof }: RiskLeaf): ProvenLeaf => ({ leaf: toHex(bytes), proof: proof.map(toHex) });
  const said = PLAN.feeds.map(({ id }, feed) => {
    return { feed: id, leaves: tree.feed(feed).map(shown), view: riskWords(risk, feed, PLAN) };
  });
  const feeds = PLAN.feeds.map(({ id, asset }) => ({ feed: id, assetVersion: asset.version }));
  const view = dependenceWords(risk, risk.dependence!);
  return {
    riskRoot: toHex(tree.root),
    risk: said,
    dependence: { feeds, leaves: tree.dependence().map(shown), view },
  };
}

const read = (): Vectors => JSON.parse(readFileSync(VECTORS, 'utf8')) as Vectors;
const bytesOf = (hex: Hex): Uint8Array => new Uint8Array(Buffer.from(hex.slice(2), 'hex'));

describe('docs/risk-vectors.json', () => {
  test('is what the code writes (ASSAY_WRITE_VECTORS=1 writes it anew)', async () => {
    const text = `${JSON.stringify(computeVectors(await loadKeccak()), null, 2)}\n`;
    if (process.env['ASSAY_WRITE_VECTORS'] === '1') writeFileSync(VECTORS, text);
    expect(read()).toEqual(JSON.parse(text));
  });

  test('holds under viem: every leaf under the risk root, every matrix bound to its feeds', async () => {
    const viem = await import('viem');
    const { riskRoot, risk, dependence } = read();
    for (const { leaf, proof } of [...risk.flatMap(({ leaves }) => leaves), ...dependence.leaves]) {
      const climb = (a: Hex, b: Hex): Hex => viem.keccak256(viem.concat(a < b ? [a, b] : [b, a]));
      expect(proof.reduce(climb, viem.keccak256(leaf))).toBe(riskRoot);
    }
    const named = ['BTC/USD', 'ETH/USD'].map((id) => viem.stringToHex(id, { size: 32 }));
    const list = viem.keccak256(viem.concat(named.flatMap((id) => [id, '0x0001'] as const)));
    for (const { leaf } of dependence.leaves) expect(viem.slice(leaf, 14, 46)).toBe(list);
  });

  test('is read by the verifier in TypeScript as it is in words', () => {
    const { riskRoot, risk } = read();
    const header = { cut: CUT, riskRoot: bytesOf(riskRoot) };
    for (const { feed, leaves, view } of risk) {
      const { horizons } = view as { horizons: Record<string, object> };
      for (const [index, words] of Object.values(horizons).entries()) {
        const { leaf, proof } = leaves[index]!;
        const verified = verifyHorizon(bytesOf(leaf), proof.map(bytesOf), header, plainPrimitives);
        const {
          observations,
          sigmaPpm,
          fall = {},
        } = words as {
          readonly observations: number;
          readonly sigmaPpm?: number;
          readonly fall?: Record<string, { readonly valueAtRiskPpm: number }>;
        };
        expect(verified).toMatchObject({ feed, asOf: CUT, observations });
        expect(verified.sigmaPpm).toBe(sigmaPpm);
        expect(verified.fall.valueAtRiskPpm).toEqual(Object.values(fall).map((tail) => tail.valueAtRiskPpm));
      }
    }
  });

  const changed = (place: number, value: number) => (leaf: Uint8Array) =>
    leaf.map((byte, index) => (index === place ? value : byte));
  test.each<[string, (leaf: Uint8Array) => Uint8Array, string]>([
    ['another kind', changed(0, 5), 'kind'],
    ['a flag that means nothing', changed(42, 0x40), 'flags'],
    ['a flaw of what is not degraded', changed(42, 0x08), 'flags'],
    ['another horizon', changed(46, 0x3d), 'horizon'],
    ['more levels than there are', changed(51, 5), 'levels'],
    ['levels that it does not hold', changed(51, 3), 'length'],
    ['one byte more', (leaf) => Uint8Array.of(...leaf, 0), 'length'],
    ['a volatility of zero', (leaf) => leaf.fill(0, 53, 57), 'volatility'],
    ['a rarer loss that is smaller', (leaf) => leaf.fill(0, 65, 69), 'tails'],
    ['tails of no outcome', (leaf) => leaf.fill(0, 47, 51), 'tails of no outcome'],
    ['a cut after the header', (leaf) => leaf.fill(0xff, 35, 36), 'as of a later cut'],
  ])('the verifier refuses %s, signed or not', (_, change, what) => {
    const leaf = change(bytesOf(read().risk[0]!.leaves[0]!.leaf));
    const header = { cut: CUT, riskRoot: plainPrimitives.keccak(leaf) };
    expect(() => verifyHorizon(leaf, [], header, plainPrimitives)).toThrow(`MalformedLeaf: ${what}`);
  });

  test('the verifier refuses a leaf that is not under the root', () => {
    const { leaf, proof } = read().risk[0]!.leaves[0]!;
    const header = { cut: CUT, riskRoot: new Uint8Array(32) };
    expect(() => verifyHorizon(bytesOf(leaf), proof.map(bytesOf), header, plainPrimitives)).toThrow('NotInRoot');
  });
});

describe('docs/report.md', () => {
  const page = readFileSync(resolve(DOCS, 'report.md'), 'utf8');

  test('lists the bits of all risk flags', () => {
    for (const [bit, flag] of RISK_FLAGS.entries())
      expect(page).toMatch(new RegExp(`^\\| ${bit} +\\| \`${flag}\``, 'm'));
  });

  test('shows a leaf of the vectors', () => {
    expect(page).toContain(read().risk[0]!.leaves[2]!.leaf);
  });
});
