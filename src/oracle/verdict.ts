/**
 * What can become of a source at a cut, with the stage that decides it. A verdict's position in this list is the code
 * that columns, ledger and evidence hold, so the list only ever grows at its end.
 */
export const VERDICTS = [
  { name: 'used', stage: 'aggregation' },
  { name: 'silent', stage: 'observation' },
  { name: 'notFinite', stage: 'observation' },
  { name: 'notPositive', stage: 'observation' },
  { name: 'crossed', stage: 'observation' },
  { name: 'wideSpread', stage: 'observation' },
  { name: 'future', stage: 'observation' },
  { name: 'legHalted', stage: 'conversion' },
  { name: 'staleReceived', stage: 'screening' },
  { name: 'staleEvent', stage: 'screening' },
] as const;

export type Verdict = (typeof VERDICTS)[number]['name'];

/** A source's verdict with its evidence: what was measured and the limit it was held against, in the verdict's unit. */
export interface VerdictRow {
  readonly source: number;
  readonly verdict: Verdict;
  /** Share of the vote, 0..1; zero unless used. */
  readonly weight: number;
  /** bps for spreads, milliseconds for ages, otherwise the price itself; NaN where nothing was measured. */
  readonly measured: number;
  readonly limit: number;
}
