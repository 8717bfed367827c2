import { policyOf } from '../../../test/support/plans';
import { guardJump, SETTLE_MS, settlesAt, type BreakerMemory, type Step } from './breaker';
import { reasonBit, reasonList } from './reasons';

const POLICY = policyOf({ maxJumpBps: 2_000 });
const NOW = 100_000;
const memory = (of: Partial<BreakerMemory> = {}): BreakerMemory => ({
  lastAgreed: 100,
  lastAgreedAt: NOW - 100,
  isTripped: false,
  settlingSince: (now) => now,
  ...of,
});
const step = (of: Partial<Step>): Step => ({
  price: 100,
  agreed: true,
  confirmed: false,
  isHalted: false,
  sigmaPerRootSecond: 1e-4,
  stable: NaN,
  ...of,
});
const says = (of: Partial<Step>, past: Partial<BreakerMemory> = {}): readonly string[] =>
  reasonList(guardJump(step(of), memory(past), NOW, POLICY));

describe('a breaker', () => {
  it.each([
    ['lets a step of a market pass', { price: 103 }, []],
    ['lets the limit itself pass: ln 1.22 is within 0.2', { price: 122 }, []],
    ['trips beyond it', { price: 123 }, ['pathlessJump']],
    ['trips downwards alike', { price: 81 }, ['pathlessJump']],
    ['trips at a redenomination', { price: 0.1 }, ['pathlessJump']],
    [
      'trips although the anchors went along at once: they too may have been renamed',
      { price: 0.1, confirmed: true },
      ['pathlessJump'],
    ],
    ['lets a pump end where the price was for an hour', { price: 33, stable: 34 }, []],
    ['trips halfway back', { price: 50, stable: 34 }, ['pathlessJump']],
    ['has nothing to say of no price', { price: NaN }, []],
    ['has nothing to say of a price that nobody will see', { price: 0.1, isHalted: true }, []],
  ])('%s', (_reason, of, reasons) => {
    expect(says(of)).toEqual(reasons);
  });

  it('trips at nothing where there is nothing to hold a price against', () => {
    expect(says({ price: 1 }, { lastAgreed: NaN, lastAgreedAt: NaN })).toEqual([]);
  });

  it('allows more the longer ago the last agreed price is, and the more volatile the market', () => {
    const anHourAgo = { lastAgreedAt: NOW - 3_600_000 };
    expect(says({ price: 130, sigmaPerRootSecond: 1e-4 }, anHourAgo)).toEqual(['pathlessJump']);
    expect(says({ price: 130, sigmaPerRootSecond: 5e-4 }, anHourAgo)).toEqual([]);
  });
});

describe('a tripped breaker', () => {
  const settled = { isTripped: true, settlingSince: () => NOW - SETTLE_MS };
  it.each([
    ['holds a price that would not have tripped it', { price: 115 }, ['pathlessJump']],
    ['settles within half of the limit', { price: 110 }, ['resuming', 'pathlessJump']],
    ['settles where the anchors confirm the new level', { price: 0.1, confirmed: true }, ['resuming', 'pathlessJump']],
    ['settles where the price was for an hour', { price: 52, stable: 50 }, ['resuming', 'pathlessJump']],
    ['does not settle while the medians disagree', { price: 100, agreed: false }, ['pathlessJump']],
    ['does not settle without a price', { price: NaN }, ['pathlessJump']],
  ])('%s', (_reason, of, reasons) => {
    expect(says(of, { isTripped: true })).toEqual(reasons);
  });

  it.each([
    ['lets go when it has settled for long enough', { price: 100 }, []],
    ['lets go at a new level that the anchors confirmed for long enough', { price: 0.1, confirmed: true }, []],
    ['does not let go for the time that it has been tripped', { price: 0.1 }, ['pathlessJump']],
    [
      'does not let go while another guard halts the feed',
      { price: 100, isHalted: true },
      ['resuming', 'pathlessJump'],
    ],
  ])('%s', (_reason, of, reasons) => {
    expect(says(of, settled)).toEqual(reasons);
  });

  it('knows when it will let go, while it settles', () => {
    const settling = reasonBit('pathlessJump') | reasonBit('resuming');
    const past = memory({ isTripped: true, settlingSince: () => NOW - 1_000 });
    expect(settlesAt(settling, past, NOW)).toBe(NOW - 1_000 + SETTLE_MS);
    expect(settlesAt(reasonBit('pathlessJump'), past, NOW)).toBe(Infinity);
  });
});
