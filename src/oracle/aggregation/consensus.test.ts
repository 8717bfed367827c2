import { reachConsensus, reachNews } from './consensus';

const BY = { halfWidth: 2, medianGap: 2, tolerance: 0, lastAgreed: NaN };

describe('reachConsensus', () => {
  it('takes the weighted median while the two agree, with the band about it', () => {
    expect(reachConsensus(101, 100, BY)).toEqual({ price: 100, low: 98, high: 102, agreed: true });
  });

  it('counts a gap of exactly what chance allows as agreement', () => {
    expect(reachConsensus(102, 100, BY).agreed).toBe(true);
    expect(reachConsensus(102.001, 100, BY).agreed).toBe(false);
  });

  it('lets medians of quiet votes stand apart by the tolerance, and covers both with the band', () => {
    const by = { halfWidth: 0.1, medianGap: 0.1, tolerance: 0.5, lastAgreed: 100.5 };
    expect(reachConsensus(100.5, 100, by)).toEqual({ price: 100, low: 99.9, high: 100.6, agreed: true });
    expect(reachConsensus(100.501, 100, by).agreed).toBe(false);
  });

  it.each([
    ['the equal one, where it is nearer: someone may hold the weight', 110, 100, 109, 110],
    ['the weighted one, where it is nearer: someone may hold the count', 110, 100, 101, 100],
    ['the weighted one, where both are as near', 110, 100, 105, 100],
    ['the weighted one, where they never agreed before', 110, 100, NaN, 100],
  ])('where they disagree takes %s; the band covers both', (_reason, equal, weighted, lastAgreed, price) => {
    const consensus = reachConsensus(equal, weighted, { ...BY, lastAgreed });
    expect(consensus).toEqual({ price, low: 98, high: 112, agreed: false });
  });

  it('agrees on nothing where nobody voted', () => {
    expect(reachConsensus(NaN, NaN, { ...BY, halfWidth: NaN })).toMatchObject({ price: NaN, agreed: false });
  });
});

describe('reachNews', () => {
  const consensus = { price: 100, low: 99, high: 101, agreed: true };
  const shared = (price: number) => ({ price, isShared: true });
  const alone = (price: number) => ({ price, isShared: false });

  it.each([
    ['nothing where there is none', undefined, undefined, [99, 101]],
    ['all the way to what more than one venue says, and its own doubt', undefined, shared(110), [99, 111]],
    ['to both sides', shared(90), shared(110), [89, 111]],
    ['to one venue as far as three quarters of the band allow', undefined, alone(110), [99, 102.5]],
    ['to each of two such venues by half of that', alone(90), alone(110), [98.25, 101.75]],
    ['no further than it needs to', undefined, alone(100.5), [99, 101.5]],
    ['inwards never', shared(99.9), alone(99.5), [98.9, 101]],
  ])('reaches %s', (_reason, below, above, [low, high]) => {
    expect(reachNews(consensus, 1, below, above)).toEqual({ ...consensus, low, high });
  });
});
