import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadKeccak } from '../../src/platform/keccak';
import { clientVerdicts } from '../../test/support/client-verdicts';
import { verificationCases, type Vectors } from '../../test/support/verification-cases';
import { plainPrimitives } from './primitives';

const FILE = resolve(__dirname, '../../docs/vectors.json');

describe('the verifier in TypeScript', () => {
  test('says of every vector what it must say', async () => {
    const { groupCases, leafCases, ...setting } = JSON.parse(readFileSync(FILE, 'utf8')) as Vectors;
    const verdicts = clientVerdicts(setting, plainPrimitives);
    for (const { name, refusal = 'verified', ...rest } of groupCases) {
      const { said, feeds } = verdicts.group(rest);
      expect([name, refusal.split('|')]).toEqual([name, expect.arrayContaining([said])]);
      for (const [place, feed] of feeds.entries()) {
        const told = rest.unreadable?.[place] ?? 'readable';
        expect([name, place, feed.refusal ?? 'readable']).toEqual([name, place, told]);
      }
    }
    for (const { name, refusal = 'verified', ...rest } of leafCases) {
      const { said } = verdicts.leaf(rest);
      expect([name, refusal.split('|')]).toEqual([name, expect.arrayContaining([said])]);
    }
  });
});

describe('docs/vectors.json', () => {
  test('is what the code writes (ASSAY_WRITE_VECTORS=1 writes it anew)', async () => {
    const vectors = await verificationCases(await loadKeccak());
    const text = `${JSON.stringify(vectors, null, 2)}\n`;
    if (process.env['ASSAY_WRITE_VECTORS'] === '1') writeFileSync(FILE, text);
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(JSON.parse(text));
  });
});
