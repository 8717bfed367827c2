import { REASONS } from '../report';
import { DISPUTED, HALTING, IMPRECISE, reasonBit, reasonList } from './reasons';

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
    expect([HALTING & DISPUTED, HALTING & IMPRECISE, DISPUTED & IMPRECISE]).toEqual([0, 0, 0]);
  });
});
