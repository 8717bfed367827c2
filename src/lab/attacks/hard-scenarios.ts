import { FAULT_FROM_MS, inject, move, scenario, shift } from './build';
import type { Scenario } from './scenario';

/** Markets without a fault, and those that really move: what a rule must not take for an attack. */
export const HONEST_SCENARIOS: readonly Scenario[] = [
  scenario({
    name: 'calm',
    about: 'nothing happens',
    captured: 'nothing',
    required: { errorBps: 10, neverHalted: true },
  }),
  scenario({
    name: 'jumps',
    about: 'jumps of 50 bp, one in six seconds on average',
    captured: 'nothing',
    required: { jumpLagP50Ms: 100, jumpLagP99Ms: 300, neverHalted: true },
    jumpsEveryMs: 6_000,
    durationMs: 62_000,
  }),
  scenario({
    name: 'depeg',
    about: 'USDT loses 12 % in two minutes (the catalogue: USDC in six hours), and it is true',
    captured: 'nothing',
    required: { errorBps: 25, neverHalted: true },
    judged: 'USDT',
    moves: [move(-1_200, FAULT_FROM_MS, 120_000, 'USDT')],
    durationMs: 135_000,
  }),
  scenario({
    name: 'quoteDepeg',
    about: 'USDT, in which four of seven books are quoted, loses 12 % in two minutes; BTC does not',
    captured: 'nothing',
    required: { errorBps: 15 },
    moves: [move(-1_200, FAULT_FROM_MS, 120_000, 'USDT')],
    durationMs: 135_000,
  }),
  scenario({
    name: 'crash',
    about: 'everything falls by 15 % in a minute, and some venues show it 800 ms late',
    captured: 'nothing',
    required: { lagP50Ms: 100, lagP99Ms: 300, neverHalted: true },
    moves: [move(-1_500, FAULT_FROM_MS, 60_000)],
    durationMs: 75_000,
    lagsMs: { v1: 50, v2: 120, v3: 200, v4: 300, v5: 450, v6: 600, v7: 800 },
  }),
  scenario({
    name: 'leaderJump',
    about: 'v1 jumps by 3 %, and the others follow a second later',
    captured: 'nothing',
    required: { jumpLagP99Ms: 1_000, neverHalted: true },
    moves: [move(300, FAULT_FROM_MS, 0)],
    lagsMs: { v2: 1_000, v3: 1_000, v4: 1_000, v5: 1_000, v6: 1_000, v7: 1_000 },
  }),
];

/** Faults that take a majority: by count, by weight, or both. */
export const MAJORITY_SCENARIOS: readonly Scenario[] = [
  scenario({
    name: 'twoLeft',
    about: 'five venues go down, and one of the last two is wrong a thousandfold',
    captured: 'both',
    required: { haltWithinMs: 1_000 },
    injections: [
      inject(['v1', 'v2', 'v3', 'v4', 'v5'], { kind: 'silent' }),
      inject(['v6'], { kind: 'times', factors: [1_000] }),
    ],
  }),
  scenario({
    name: 'rename',
    about: 'v3 to v6 begin to quote another asset under the same name',
    captured: 'count',
    required: { haltWithinMs: 3_000, noLiquidationWithinMs: 500 },
    injections: [inject(['v3', 'v4', 'v5', 'v6'], { kind: 'times', factors: [1e-3] })],
  }),
  scenario({
    name: 'split',
    about: 'v4 to v7 quote the asset after its split, 1 : 1000, the others ten seconds later (the catalogue: an hour)',
    captured: 'both',
    required: { haltWithinMs: 3_000, noLiquidationWithinMs: 500 },
    injections: [
      inject(['v4', 'v5', 'v6', 'v7'], { kind: 'times', factors: [1e-3] }, { to: 30_000 }),
      inject(['v1', 'v2', 'v3'], { kind: 'times', factors: [1e-3] }, { from: 18_000, to: 30_000 }),
    ],
  }),
  scenario({
    name: 'outageCapture',
    about: 'v1 to v4 go down, and two of the three that are left stand 2 % too high',
    captured: 'both',
    required: { errorBps: 25, haltWithinMs: 3_000 },
    injections: [inject(['v1', 'v2', 'v3', 'v4'], { kind: 'silent' }), inject(['v5', 'v6'], shift(200))],
  }),
  scenario({
    name: 'countCaptured',
    about: 'the four smallest venues, 30 % of the weight, stand 2 % too high',
    captured: 'count',
    required: { errorBps: 25, noLiquidationWithinMs: 500 },
    injections: [inject(['v4', 'v5', 'v6', 'v7'], shift(200))],
    isTraded: true,
  }),
  scenario({
    name: 'weightCaptured',
    about: 'the three largest venues, 70 % of the weight, stand 2.9 % too high',
    captured: 'weight',
    required: { errorBps: 25, noLiquidationWithinMs: 500 },
    injections: [inject(['v1', 'v2', 'v3'], shift(290))],
    isTraded: true,
  }),
  scenario({
    name: 'bothCaptured',
    about: 'five venues, the three largest among them, stand 5 % too high; the anchor does not',
    captured: 'both',
    required: { haltWithinMs: 1_000 },
    injections: [inject(['v1', 'v2', 'v3', 'v4', 'v5'], shift(500))],
    isTraded: true,
  }),
];
