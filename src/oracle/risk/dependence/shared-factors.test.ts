import { planOf } from '../../../../test/support/plans';
import { sharedFactors } from './shared-factors';

const NATIVE = { a: {}, b: {}, c: {} };

describe('sharedFactors', () => {
  it('names the leg by the share of the vote that is converted through it', () => {
    const plan = planOf({
      'USDT/USD': { sources: NATIVE },
      'BTC/USD': { sources: { a: {}, b: {}, c: { leg: 'USDT/USD' }, d: { leg: 'USDT/USD' } } },
    });
    expect(sharedFactors(plan)).toEqual([[], [{ feed: 0, kind: 'quote', loading: 0.5 }]]);
  });

  it('counts a leg that is converted itself for what it rests on', () => {
    const plan = planOf({
      'USDT/USD': { sources: NATIVE },
      'ETH/USD': { sources: { a: {}, b: {}, c: { leg: 'USDT/USD' }, d: { leg: 'USDT/USD' } } },
      'LDO/USD': {
        sources: { a: {}, b: { leg: 'USDT/USD' }, c: { leg: 'ETH/USD' }, d: { leg: 'ETH/USD' } },
      },
    });
    expect(sharedFactors(plan)[2]).toEqual([
      { feed: 0, kind: 'quote', loading: 0.25 + 0.5 * 0.5 },
      { feed: 1, kind: 'quote', loading: 0.5 },
    ]);
  });

  it('counts no anchor: it has no vote', () => {
    const witness = { leg: 'USDT/USD', anchor: { maxDeviationBps: 50 } };
    const plan = planOf({ 'USDT/USD': { sources: NATIVE }, 'BTC/USD': { sources: { ...NATIVE, d: witness } } });
    expect(sharedFactors(plan)[1]).toEqual([]);
  });

  it('names what a wrapped asset is redeemed for, whole', () => {
    const rate = {
      id: 'rate:WSTETH/USD',
      feed: 'WSTETH/USD',
      underlying: 'ETH/USD',
      nominalRate: 1.2,
      maxGrowthPerYear: 0.2,
      maxFall: 0,
      maxAgeMs: 60_000,
      maxPegGapBps: 100,
    };
    const plan = planOf({ 'ETH/USD': { sources: NATIVE }, 'WSTETH/USD': { sources: NATIVE } }, [], [rate]);
    expect(sharedFactors(plan)[1]).toEqual([{ feed: 0, kind: 'base', loading: 1 }]);
  });
});
