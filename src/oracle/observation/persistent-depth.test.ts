import fc from 'fast-check';
import { type Verdict, verdictCode, type VerdictColumns } from '../verdict';
import { PersistentDepth } from './persistent-depth';

const T0 = 1_700_000_040_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What one source is found to be at an instant: its depth if it votes, else why it does not. */
type Seen = number | Verdict;

function columnsOf(seen: readonly Seen[]): VerdictColumns {
  return {
    source: Uint32Array.from(seen, (_, source) => source),
    code: Uint8Array.from(seen, (each) => verdictCode(typeof each === 'number' ? 'used' : each)),
    weight: Float64Array.from(seen, (each) => (typeof each === 'number' ? 1 : 0)),
    measured: new Float64Array(seen.length),
    limit: new Float64Array(seen.length),
    depth: Float32Array.from(seen, (each) => (typeof each === 'number' ? each : NaN)),
  };
}

/** One source whose depth stands from each of these instants on, in ms after T0. Looked at once a second besides. */
function depthAfter(untilMs: number, steps: Readonly<Record<number, Seen>>): PersistentDepth {
  const depth = new PersistentDepth(1);
  const grid = Array.from({ length: Math.floor(untilMs / 1_000) + 1 }, (_, second) => second * 1_000);
  const instants = [...new Set([...grid, ...Object.keys(steps).map(Number)])].sort((a, b) => a - b);
  for (const after of instants) {
    depth.elapse(T0 + after);
    const seen = steps[after];
    if (seen !== undefined) depth.absorb(columnsOf([seen]));
  }
  return depth;
}

describe('PersistentDepth', () => {
  it('knows nothing before a minute has ended with half of it in evidence', () => {
    expect(depthAfter(59_000, { 0: 100 }).of(0)).toBeNaN();
    expect(depthAfter(MINUTE_MS, { 31_000: 100 }).of(0)).toBeNaN();
    expect(depthAfter(MINUTE_MS, { 29_000: 100 }).of(0)).toBeCloseTo(100, 9);
  });

  it('is trusted in full after an hour', () => {
    expect(depthAfter(MINUTE_MS, { 0: 100 }).trust(0)).toBeCloseTo(0.0261, 3);
    expect(depthAfter(HOUR_MS, { 0: 100 }).trust(0)).toBeCloseTo(1, 3);
    expect(depthAfter(2 * HOUR_MS, { 0: 100 }).trust(0)).toBe(1);
  });

  it.each([
    ['a wall of less than a second counts for nothing at all', 300, 1, 1],
    ['nor does one that spans two seconds and fills neither', 1_900, 1, 1],
    ['fifty times the book for a minute count for some 7 %', MINUTE_MS, 1.06, 1.08],
    ['fifty times the book for an hour count for more than ten times', HOUR_MS, 10, 15],
  ])('%s', (_reason, standsMs, atLeast, atMost) => {
    const from = 2 * HOUR_MS + 50;
    const until = Math.ceil((from + standsMs) / MINUTE_MS) * MINUTE_MS;
    const book = depthAfter(until, { 0: 100 }).of(0);
    const spoofed = depthAfter(until, { 0: 100, [from]: 5_000, [from + standsMs]: 100 }).of(0);
    expect(spoofed / book).toBeGreaterThanOrEqual(atLeast);
    expect(spoofed / book).toBeLessThanOrEqual(atMost);
  });

  it('takes the least of each second, so a book that is eaten again and again is thin', () => {
    const steps: Record<number, number> = {};
    for (let second = 0; second < 120; second++)
      Object.assign(steps, { [second * 1_000]: 100, [second * 1_000 + 500]: 1 });
    expect(depthAfter(2 * MINUTE_MS, steps).of(0)).toBeCloseTo(1, 6);
  });

  it.each(['silent', 'staleReceived', 'outlier', 'frozen'] as const)(
    'takes seconds in which the source is %s for no evidence: not for a book that is empty',
    (verdict) => {
      const depth = depthAfter(2 * HOUR_MS, { 0: 100, [HOUR_MS]: verdict });
      expect(depth.of(0)).toBeCloseTo(100, 9);
      expect(depth.trust(0)).toBeCloseTo(Math.exp(-1), 3);
      expect(depth.isVoting(0)).toBe(false);
    },
  );

  it('believes no size that is shown now and then and withheld in between', () => {
    const steps: Record<number, number> = {};
    for (let second = 0; second < 120; second++)
      Object.assign(steps, { [second * 1_000]: 1e9, [second * 1_000 + 100]: NaN });
    expect(depthAfter(2 * MINUTE_MS, steps).of(0)).toBeNaN();
  });

  it('forgets over a restart what stood, and keeps what had persisted', () => {
    const depth = depthAfter(HOUR_MS, { 0: 100 });
    depth.release();
    expect(depth.isVoting(0)).toBe(false);
    for (let at = T0 + 2 * HOUR_MS; at <= T0 + 2 * HOUR_MS + MINUTE_MS; at += 1_000) depth.elapse(at);
    expect(depth.of(0)).toBeCloseTo(100, 9);
    expect(depth.trust(0)).toBeCloseTo(Math.exp(-1), 1);
  });

  it('begins with its first instant, also where it continues from a state without a past', () => {
    const depth = new PersistentDepth(1);
    depth.restoreTime(-Infinity);
    expect(depth.elapse(T0)).toEqual([]);
    expect(depth.elapse(T0 + MINUTE_MS)).toEqual([0]);
  });

  it('changes once a minute and never in between', () => {
    const depth = depthAfter(MINUTE_MS, { 0: 100 });
    const before = depth.of(0);
    depth.absorb(columnsOf([1e6]));
    for (let after = 61_000; after < 120_000; after += 1_000) {
      expect(depth.elapse(T0 + after)).toEqual([]);
      expect(depth.of(0)).toBe(before);
    }
    expect(depth.elapse(T0 + 120_000)).toEqual([0]);
    expect(depth.of(0)).toBeGreaterThan(before);
  });

  it("ends each source's minutes with the second that it is told", () => {
    const depth = new PersistentDepth(3, [0, 59, 59]);
    const ended = Array.from({ length: 121 }, (_, second) => depth.elapse(T0 + second * 1_000));
    expect(ended.flatMap((sources, second) => (sources.length === 0 ? [] : [[second, sources]]))).toEqual([
      [59, [1, 2]],
      [60, [0]],
      [119, [1, 2]],
      [120, [0]],
    ]);
    expect(depth.elapse(T0 + 181_000)).toEqual([1, 2, 0]);
  });

  it('goes on from its state exactly as if nothing had happened', () => {
    const seen = fc.oneof(
      fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
      fc.constantFrom('silent', 'outlier' as const),
      fc.constant(NaN),
    );
    const steps = fc.array(fc.record({ waitMs: fc.integer({ min: 1, max: 90_000 }), seen: fc.tuple(seen, seen) }), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, fc.nat(), (all, split) => {
        const whole = new PersistentDepth(2);
        let parts = new PersistentDepth(2);
        let at = T0;
        all.forEach(({ waitMs, seen: both }, index) => {
          if (index === split % all.length) {
            const states = [0, 1].map((source) => parts.state(source));
            parts = new PersistentDepth(2);
            states.forEach((state, source) => {
              parts.restore(source, state);
            });
            if (index > 0) parts.restoreTime(at);
          }
          at += waitMs;
          for (const depth of [whole, parts]) {
            depth.elapse(at);
            depth.absorb(columnsOf(both));
          }
        });
        for (const source of [0, 1]) {
          expect(parts.state(source)).toEqual(whole.state(source));
          expect(parts.of(source)).toBe(whole.of(source));
        }
      }),
    );
  });
});
