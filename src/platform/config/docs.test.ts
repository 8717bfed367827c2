import { readFileSync } from 'node:fs';
import { haircutSchema } from './haircut-schema';
import * as relay from './relay-schema';
import * as schemas from './schema';

const page = readFileSync('docs/configuration.md', 'utf8');
const objects: readonly { readonly shape: object }[] = [
  schemas.cutsSchema,
  schemas.policySchema,
  haircutSchema,
  schemas.feedSchema,
  schemas.impliedSchema,
  schemas.venueDefaultsSchema,
  schemas.venueSchema,
  schemas.chainSchema,
  schemas.sequencerSchema,
  ...schemas.chainSchema.shape.readers.element.options,
  schemas.rulesSchema,
  schemas.sinksSchema,
  schemas.httpSchema,
  schemas.ledgerSchema,
  schemas.signerSchema,
  schemas.remoteSignerSchema,
  relay.storeSchema,
  relay.relayChainSchema,
];

describe('docs/configuration.md', () => {
  test.each([...new Set(objects.flatMap(({ shape }) => Object.keys(shape)))])('tells of the key %s', (key) => {
    expect(page).toMatch(new RegExp(`[\`.]${key}[\`.[]`));
  });

  test('tells of every fault by its code', () => {
    const source = readFileSync('src/platform/config/fault.ts', 'utf8');
    const codes = [...source.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });
});
