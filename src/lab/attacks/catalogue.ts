import { HONEST_SCENARIOS, MAJORITY_SCENARIOS } from './hard-scenarios';
import { MINORITY_SCENARIOS } from './scenarios';
import type { Scenario } from './scenario';
import { WITNESS_SCENARIOS } from './witness-scenarios';

/** Faults of prices: each is played in the market, through the door of live frames. */
export const SCENARIOS: readonly Scenario[] = [
  ...HONEST_SCENARIOS,
  ...MINORITY_SCENARIOS,
  ...MAJORITY_SCENARIOS,
  ...WITNESS_SCENARIOS,
];

/** One fault of the catalogue, and what must come of it. */
export interface CatalogueEntry {
  readonly number: number;
  readonly fault: string;
  readonly required: string;
  /** Name of the scenario, or of the proof (src/lab/proofs), that shows it. */
  readonly shownBy: string;
}

type Row = readonly [fault: string, required: string, shownBy: string];

/** All forty, in the catalogue's order; D degraded, H halted, W band widened, A alarm, n: within n bp of the truth. */
const ROWS: readonly Row[] = [
  ['frozen, socket alive', 'out ≤ 3 s; ≤ 10; D', 'frozen'],
  ['outlier not excluded', '≤ 10; A', 'garbage'],
  ['stale timestamps', 'drop > 1 s; ≤ 10', 'stale'],
  ['clock skew', 'future never wins; ≤ 3', 'clocks'],
  ['duplicate, reorder, gap', 'equals clean ± 1 bp; resync', 'echoes'],
  ['0, < 0, NaN, 1e308', 'refused; ≤ 3', 'nonsense'],
  ['decimals', 'never averaged; ≤ 3', 'decimals'],
  ['two left, averaged', 'H; hold', 'twoLeft'],
  ['missing FX leg', 'shadow diff refuses; live H', 'missingLeg'],
  ['rename', 'H; no pathless jump', 'rename'],
  ['split, redenomination 1 : 1000', 'action table, else H', 'split'],
  ['maintenance', 'out; ≤ 10', 'maintenance'],
  ['real crash of one venue', '≤ 10; D; 0 liquidations', 'venueCrash'],
  ['two coupled sources', '≤ 20; D', 'coupledSources'],
  ['home-book collateral', 'redemption anchor; ≤ 50; W', 'homeBook'],
  ['genuine depeg', 'follow ≤ 25; no peg clamp', 'depeg'],
  ['quote basis', 'BTC/USD ≤ 15', 'quoteDepeg'],
  ['real crash', 'lag p99 ≤ 300 ms; no halt', 'crash'],
  ['leader jump', 're-admit ≤ 1 s; W', 'leaderJump'],
  ['real-trade pump of all thin venues', 'depth-capped value; A ≤ 10 s', 'thinPump'],
  ['own book only', 'rate-cap collateral; D', 'soleVenue'],
  ['zero-slippage pulses', 'profit ≤ 0', 'pulses'],
  ['under threshold', '≤ 10', 'underThreshold'],
  ['slow drift', '≤ 10; A ≤ 60 s', 'slowDrift'],
  ['49 % coalition', '≤ 10', 'coalition'],
  ['confidence DoS', 'no halt; W ≤ 3 ×', 'confidenceAttack'],
  ['outage and capture', 'hold + W, then H; ≤ 25 usable', 'outageCapture'],
  ['shared upstream', 'one vote; ≤ 10', 'sharedUpstream'],
  ['wash volume', 'weight cap; ≤ 10', 'washVolume'],
  ['spoof', 'persistence; ≤ 3', 'spoof'],
  ['crossed, one-sided, 500 bp wide', 'out; ≤ 5', 'brokenBook'],
  ['fat finger', '≤ 1', 'fatFinger'],
  ['flash loan', 'no effect', 'flashLoan'],
  ['multi-block manipulation', 'drop against exchanges; ≤ 5', 'multiBlock'],
  ['clamped or frozen feed', 'invalid; H', 'boundedFeed'],
  ['node majority wrong', 'ratio bound; reject', 'nodeMajority'],
  ['guard misfire', 'D; not liquidation-eligible', 'guardMisfire'],
  ['reorg, lying RPC', '2-of-3 block hash; ≤ 3', 'lyingNode'],
  ['L2 sequencer', 'invalid and grace', 'sequencerDown'],
  ['replay, cherry-pick, restart', 'reject all; D 2 s, H 10 s; no publish before quorum', 'replayedSnapshots'],
];

export const CATALOGUE: readonly CatalogueEntry[] = ROWS.map(([fault, required, shownBy], index) => ({
  number: index + 1,
  fault,
  required,
  shownBy,
}));
