import { REASONS } from '../report';
import { DISPUTED, halts, IMPRECISE, reasonBit, reasonList } from './reasons';

describe('reasons', () => {
  it('are listed in the order of their bits, whatever order they were raised in', () => {
    expect(reasonList(reasonBit('tooOld') | reasonBit('thinUpstreams'))).toEqual(['thinUpstreams', 'tooOld']);
  });

  it('share one list per set, so that reports can be compared by it', () => {
    expect(reasonList(reasonBit('tooOld'))).toBe(reasonList(reasonBit('tooOld')));
  });

  it('have one bit each, all of which fit the signed word', () => {
    const bits = REASONS.map(reasonBit);
    expect(new Set(bits).size).toBe(REASONS.length);
    expect(bits.every((bit) => bit > 0)).toBe(true);
  });

  it('halt, dispute or blur a price, and none does two of these', () => {
    const halting = REASONS.filter((reason) => halts(reasonBit(reason)));
    expect(halting.filter((reason) => reasonBit(reason) & (DISPUTED | IMPRECISE))).toEqual([]);
    expect(DISPUTED & IMPRECISE).toBe(0);
  });

  it('halt together where nobody is left to tell a move that no market makes', () => {
    const [rate, unwitnessed] = [reasonBit('rateOutOfBounds'), reasonBit('unwitnessed')];
    expect([halts(rate), halts(unwitnessed), halts(rate | unwitnessed)]).toEqual([false, false, true]);
  });
});
