import fc from 'fast-check';
import { arbitraryFeedRisk } from '../../../test/support/arbitrary-risk';
import { planOf } from '../../../test/support/plans';
import { decodeHorizonLeaf, encodeHorizonLeaf, type HorizonLeaf } from './horizon-leaf';
import { roundedHorizons } from './rounded-risk';

const NOTHING: HorizonLeaf = {
  feed: 'ETH/BTC',
  assetVersion: 1,
  asOf: 258,
  modelVersion: 3,
  isDegraded: true,
  jumped: false,
  flaws: ['tooLittleHistory'],
  horizon: '1h',
  observations: 0,
  sigmaPpm: undefined,
  fall: [],
  rise: [],
};
const TAIL = { valueAtRiskPpm: 16, expectedShortfallPpm: 32 };
const SOME: HorizonLeaf = {
  ...NOTHING,
  isDegraded: false,
  jumped: true,
  flaws: [],
  observations: 255,
  sigmaPpm: 10,
  fall: [TAIL, TAIL],
  rise: [{ valueAtRiskPpm: 1, expectedShortfallPpm: 2 }],
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe(encodeHorizonLeaf.name, () => {
  test('writes only what is known, in the order of docs/report.md', () => {
    const head = `04${'4554482f425443'.padEnd(64, '0')}000100000001020003`;
    expect(hex(encodeHorizonLeaf(NOTHING))).toBe(`${head}0900000e10000000000000`);
    const figures = `0000000a${'0000001000000020'.repeat(2)}0000000100000002`;
    expect(hex(encodeHorizonLeaf(SOME))).toBe(`${head}0200000e10000000ff0201${figures}`);
  });

  test.each<[string, Partial<HorizonLeaf>, RegExp]>([
    ['a volatility of zero', { sigmaPpm: 0 }, /ETH\/BTC over 1h: a volatility of zero/],
    ['tails of no outcome', { observations: 0 }, /tails of no outcome/],
    ['a shortfall below the value at risk', { fall: [{ ...TAIL, expectedShortfallPpm: 15 }] }, /fall at 95 %/],
    ['a rarer loss that is smaller', { rise: [TAIL, { ...TAIL, valueAtRiskPpm: 15 }] }, /rise at 97.5 %: less/],
    ['five levels', { fall: [TAIL, TAIL, TAIL, TAIL, TAIL] }, /fall has 5 levels, of 4/],
    ['a figure beyond its 4 bytes', { sigmaPpm: 2 ** 32 }, /4 bytes/],
  ])('refuses %s', (_, change, message) => {
    expect(() => encodeHorizonLeaf({ ...SOME, ...change })).toThrow(message);
  });
});

describe(decodeHorizonLeaf.name, () => {
  const [plan] = planOf({ 'ETH/BTC': { sources: {} } }).feeds;

  test('whatever a model comes to is rounded to what can be written, and is read back', () => {
    fc.assert(
      fc.property(arbitraryFeedRisk, (feed) => {
        const risk = { asOf: 7, modelVersion: 1, feeds: [feed], dependence: undefined };
        for (const leaf of roundedHorizons(risk, feed, plan!)) {
          const bytes = encodeHorizonLeaf(leaf);
          expect(decodeHorizonLeaf(bytes)).toEqual(leaf);
          expect(bytes.length % 2).toBe(1);
          expect(bytes.length).toBeLessThanOrEqual(135);
        }
      }),
    );
  });

  const at = (place: number, value: number) => (leaf: Uint8Array) =>
    leaf.map((byte, i) => (i === place ? value : byte));
  test.each<[string, (leaf: Uint8Array) => Uint8Array, RegExp]>([
    ['a leaf without its head', (leaf) => leaf.slice(0, 52), /53 bytes or more, not 52/],
    ['another kind of leaf', at(0, 5), /kind 5 is not 4/],
    ['an id that is not padded with zeros', at(20, 1), /feed id/],
    ['a flag that means nothing', at(42, 0x80), /flags 128/],
    ['a flaw of what is not degraded', at(42, 0x04), /noPrice, and not degraded/],
    ['no horizon', at(46, 0x11), /3601 seconds/],
    ['more levels than it holds', at(51, 3), /3 and 1 levels/],
    ['fewer levels than it holds', at(52, 0), /2 and 0 levels/],
    ['one byte too many', (leaf) => Uint8Array.of(...leaf, 0), /82 bytes/],
    ['a shortfall below the value at risk', at(64, 1), /shortfall below/],
    ['a volatility of zero', at(56, 0), /volatility of zero/],
  ])('refuses %s', (_, change, message) => {
    expect(() => decodeHorizonLeaf(change(encodeHorizonLeaf(SOME)))).toThrow(message);
  });
});
