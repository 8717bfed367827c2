import { reachConsensus } from './consensus';

describe('reachConsensus', () => {
  it('takes the weighted median while the two agree, with the band about it', () => {
    expect(reachConsensus(101, 100, 2, NaN)).toEqual({ price: 100, low: 98, high: 102, agreed: true });
  });

  it('counts a gap of exactly the half-width as agreement', () => {
    expect(reachConsensus(102, 100, 2, 102).agreed).toBe(true);
    expect(reachConsensus(102.001, 100, 2, 102).agreed).toBe(false);
  });

  it.each([
    ['the equal one, where it is nearer: someone may hold the weight', 110, 100, 109, 110],
    ['the weighted one, where it is nearer: someone may hold the count', 110, 100, 101, 100],
    ['the weighted one, where both are as near', 110, 100, 105, 100],
    ['the weighted one, where they never agreed before', 110, 100, NaN, 100],
  ])('where they disagree takes %s; the band covers both', (_reason, equal, weighted, lastAgreed, price) => {
    expect(reachConsensus(equal, weighted, 2, lastAgreed)).toEqual({ price, low: 98, high: 112, agreed: false });
  });

  it('agrees on nothing where nobody voted', () => {
    expect(reachConsensus(NaN, NaN, NaN, 100)).toMatchObject({ price: NaN, agreed: false });
  });
});
