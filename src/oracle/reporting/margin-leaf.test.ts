import fc from 'fast-check';
import { arbitraryFeedRisk } from '../../../test/support/arbitrary-risk';
import { planOf } from '../../../test/support/plans';
import { decodeMarginLeaf, encodeMarginLeaf, type MarginLeaf } from './margin-leaf';
import { roundedMargin } from './rounded-risk';

const NOTHING: MarginLeaf = {
  feed: 'ETH/BTC',
  assetVersion: 1,
  asOf: 258,
  modelVersion: 3,
  isDegraded: false,
  jumped: false,
  flaws: [],
  haircut: undefined,
  costToMove: undefined,
  realisedPpm: undefined,
  diffusivePpm: undefined,
  implied: undefined,
  weightsBps: [],
};
const IMPLIED = { volatilityPpm: 257, observedAt: 259, dayWeightBps: 1, tenDayWeightBps: 2 };
const ALL: MarginLeaf = {
  ...NOTHING,
  haircut: { rawPpm: 16, smoothedPpm: 32 },
  costToMove: 258,
  realisedPpm: 255,
  diffusivePpm: 254,
  implied: IMPLIED,
  weightsBps: [9_999, 2],
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe(encodeMarginLeaf.name, () => {
  test('writes only what is known, in the order of docs/report.md', () => {
    const head = `05${'4554482f425443'.padEnd(64, '0')}00010000000102000300`;
    expect(hex(encodeMarginLeaf(NOTHING))).toBe(`${head}0000`);
    const figures = '0000001000000020000000000102000000ff000000fe0000010100000000010300010002270f0002';
    expect(hex(encodeMarginLeaf(ALL))).toBe(`${head}1f02${figures}`);
  });

  test.each<[string, Partial<MarginLeaf>, RegExp]>([
    ['a haircut of more than all', { haircut: { rawPpm: 1, smoothedPpm: 1_000_001 } }, /1000001 ppm, more than/],
    ['weights that are not of a whole', { weightsBps: [5_000, 4_997] }, /together 9997 bps/],
    ['more weights than fit', { weightsBps: Array<number>(28).fill(357) }, /28 weights are more than 27/],
    ['a volatility of zero', { realisedPpm: 0 }, /volatility of zero/],
    ['an implied volatility of zero', { implied: { ...IMPLIED, volatilityPpm: 0 } }, /volatility of zero/],
    ['a weight of more than all', { implied: { ...IMPLIED, dayWeightBps: 10_001 } }, /counts for 10001 bps/],
    ['a diffusive part of nothing', { realisedPpm: undefined }, /part of no volatility/],
  ])('refuses %s', (_, change, message) => {
    expect(() => encodeMarginLeaf({ ...ALL, ...change })).toThrow(message);
  });
});

describe(decodeMarginLeaf.name, () => {
  const [plan] = planOf({ 'ETH/BTC': { sources: {} } }).feeds;

  test('whatever a model comes to is rounded to what can be written, and is read back', () => {
    fc.assert(
      fc.property(arbitraryFeedRisk, (feed) => {
        const leaf = roundedMargin({ asOf: 7, modelVersion: 1, feeds: [feed], dependence: undefined }, feed, plan!);
        const bytes = encodeMarginLeaf(leaf);
        expect(decodeMarginLeaf(bytes)).toEqual(leaf);
        expect(bytes.length % 2).toBe(1);
        expect(bytes.length).toBeLessThanOrEqual(135);
      }),
    );
  });

  const at = (place: number, value: number) => (leaf: Uint8Array) =>
    leaf.map((byte, i) => (i === place ? value : byte));
  test.each<[string, (leaf: Uint8Array) => Uint8Array, RegExp]>([
    ['a leaf without its head', (leaf) => leaf.slice(0, 44), /45 bytes or more, not 44/],
    ['another kind of leaf', at(0, 4), /kind 4 is not 5/],
    ['an unknown presence bit', at(43, 0x3f), /presence 63/],
    ['a presence that promises less', at(43, 0x1e), /need 77 bytes, not 85/],
    ['one weight too few', at(44, 3), /3 weights need 87/],
    ['a haircut of more than all', at(46, 0x10), /more than the value/],
    ['weights that are not of a whole', at(82, 0), /together 9986/],
  ])('refuses %s', (_, change, message) => {
    expect(() => decodeMarginLeaf(change(encodeMarginLeaf(ALL)))).toThrow(message);
  });
});
