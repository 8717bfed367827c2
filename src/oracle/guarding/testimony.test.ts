import { policyOf } from '../../../test/support/plans';
import { reasonList } from './reasons';
import { anchorsHaltAt, confirms, guardAnchors, weighTestimony, type Witness } from './testimony';

const POLICY = policyOf({ disagreementHaltMs: 2_000 });
const witnesses = (...values: readonly number[]): Witness[] =>
  values.map((value, upstream) => ({ upstream, value, maxDeviationBps: 100 }));

describe('testimony', () => {
  it.each([
    ['nobody', [], { fresh: 0, agreeing: 0, against: 0 }],
    ['those within their limits agree', [100, 100.9, 99.1], { fresh: 3, agreeing: 3, against: 0 }],
    ['those on one side are counted together', [103, 104, 100], { fresh: 3, agreeing: 1, against: 2 }],
    [
      'those on both sides contradict one another: the larger side counts',
      [103, 97, 96],
      { fresh: 3, agreeing: 0, against: 2 },
    ],
  ])('%s', (_reason, values, counts) => {
    expect(weighTestimony(witnesses(...values), 100)).toMatchObject(counts);
  });

  it('gives whoever could be wrong alone one voice, and no agreement to one who contradicts himself', () => {
    const twice = [
      { upstream: 7, value: 103, maxDeviationBps: 100 },
      { upstream: 7, value: 100, maxDeviationBps: 100 },
    ];
    expect(weighTestimony(twice, 100)).toMatchObject({ fresh: 1, agreeing: 0, against: 1 });
  });

  it('of a price that is absent is nothing but presence', () => {
    expect(weighTestimony(witnesses(100, 100), NaN)).toMatchObject({ fresh: 2, agreeing: 0, against: 0 });
  });

  it.each([
    ['one alone confirms nothing', [100], false],
    ['two do', [100, 100], true],
    ['two of four do: slow anchors are behind in every real move', [100, 100, 103, 97], true],
    ['two of five do not', [100, 100, 103, 103, 103], false],
    ['two of three do', [100, 100, 103], true],
  ])('confirms a price: %s', (_reason, values, confirmed) => {
    expect(confirms(weighTestimony(witnesses(...values), 100), POLICY)).toBe(confirmed);
  });
});

describe('guardAnchors', () => {
  /** Price 100; it stood at `from` when the anchors last agreed, and they began to contradict at 10,000. */
  const says = (values: readonly number[], from: number, at: number, policy = POLICY): readonly string[] =>
    reasonList(
      guardAnchors(
        weighTestimony(witnesses(...values), 100),
        { price: 100, lastWitnessed: from, since: 10_000 },
        at,
        policy,
      ),
    );

  it.each([
    ['anchors that agree say nothing', [100, 100.5], 100, 99_000, []],
    ['one apart flags, and never more, however long', [103], 103, 99_000, ['anchorApart']],
    ['one of three apart flags', [103, 100, 100], 103, 99_000, ['anchorApart']],
    ['two on opposite sides are no quorum', [103, 97], 103, 99_000, ['anchorApart']],
    ['two of four on one side are not most of them', [103, 103, 100, 100], 103, 99_000, ['anchorApart']],
    ['two on one side dispute at once', [103, 103], 103, 10_000, ['anchorApart', 'anchorsDisagree']],
    ['a price that left them has not long to be followed', [103, 103], 103, 10_299, ['anchorApart', 'anchorsDisagree']],
    ['and then is halted', [103, 103], 103, 10_300, ['anchorApart', 'anchorsAgainst', 'anchorsDisagree']],
    [
      'one that stood while they left is disputed only, or whoever captured them could halt a market',
      [103, 103],
      100,
      99_000,
      ['anchorApart', 'anchorsDisagree'],
    ],
    [
      'one that never was witnessed has left them',
      [103, 103],
      NaN,
      10_300,
      ['anchorApart', 'anchorsAgainst', 'anchorsDisagree'],
    ],
  ])('%s', (_reason, values, from, at, reasons) => {
    expect(says(values, from, at)).toEqual(reasons);
  });

  it('says that nobody witnessed the price, where the feed asks for witnesses', () => {
    expect(says([], NaN, 0)).toEqual([]);
    expect(says([100], NaN, 0, policyOf({ minAnchors: 2 }))).toEqual(['unwitnessed']);
  });

  it('asks for as many as the feed does', () => {
    expect(says([103, 103], 103, 99_000, policyOf({ minAnchorsToHalt: 3 }))).toEqual(['anchorApart']);
  });

  it('never waits longer where the price left than where they did', () => {
    const testimony = weighTestimony(witnesses(103, 103), 100);
    const policy = policyOf({ disagreementHaltMs: 100 });
    expect(anchorsHaltAt(testimony, { price: 100, lastWitnessed: 103, since: 0 }, policy)).toBe(100);
  });
});
