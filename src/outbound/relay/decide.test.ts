import type { PackedStanding } from '../../oracle/reporting/packed-group';
import { causeToPush, type Cause } from './decide';

const [HALTED, DEGRADED, OK] = [0, 3, 4];
const CUT = 180_000_000_000;
const POLICY = { heartbeatMs: 60_000, deviationBps: [50, 10] };

type Feed = readonly [price: number | undefined, status?: number];

function standing(cut: number, ...feeds: readonly Feed[]): PackedStanding {
  return { cut, feeds: feeds.map(([price, status = OK]) => ({ price, status })) };
}

const STORED = standing(CUT, [10_000], [1_000]);

describe(causeToPush.name, () => {
  test.each<[why: string, offered: readonly Feed[], ageMs: number, cause: Cause | undefined]>([
    ['nothing where nothing changed', [[10_000], [1_000]], 59_999, undefined],
    ['nothing for a move just below the limit', [[10_049], [1_000]], 0, undefined],
    ['a move of the limit, upwards', [[10_050], [1_000]], 0, { kind: 'deviation', place: 0, bps: 50 }],
    ['a move of the limit, downwards', [[9_950], [1_000]], 0, { kind: 'deviation', place: 0, bps: 50 }],
    ['the feed that moved the furthest of its own limit', [[10_060], [1_003]], 0, expectedDeviation(1, 30)],
    ['a status before a move', [[10_060, DEGRADED], [1_000]], 0, { kind: 'status', place: 0, from: OK, to: DEGRADED }],
    ['a price that is lost', [[10_000], [undefined, HALTED]], 0, { kind: 'status', place: 1, from: OK, to: HALTED }],
    ['a heartbeat that is due', [[10_000], [1_000]], 60_000, { kind: 'heartbeat', ageMs: 60_000 }],
    ['a move before a heartbeat', [[10_050], [1_000]], 60_000, { kind: 'deviation', place: 0, bps: 50 }],
  ])('names %s', (_, offered, ageMs, cause) => {
    expect(causeToPush(STORED, standing(CUT + 1, ...offered), POLICY, CUT * 10 + ageMs)).toEqual(cause);
  });

  test('pushes at once what a store has never held', () => {
    expect(causeToPush(undefined, STORED, POLICY, CUT * 10)).toEqual({ kind: 'empty' });
  });

  test('measures the move of a feed that is back from the price that the store kept', () => {
    const kept = standing(CUT, [10_000, HALTED], [1_000]);
    const back = standing(CUT + 1, [12_000, HALTED], [1_000]);
    expect(causeToPush(kept, back, POLICY, CUT * 10)).toEqual({ kind: 'deviation', place: 0, bps: 2_000 });
  });
});

function expectedDeviation(place: number, bps: number): Cause {
  return { kind: 'deviation', place, bps };
}
