/**
 * What can become of a source at a cut, with the stage that decides it. A verdict's position in this list is the code
 * that columns, ledger and evidence hold, so the list only ever grows at its end.
 */
export const VERDICTS = [
  { name: 'used', stage: 'aggregation' },
  { name: 'silent', stage: 'observation' },
  { name: 'outOfRange', stage: 'observation' },
  { name: 'notPositive', stage: 'observation' },
  { name: 'oneSided', stage: 'observation' },
  { name: 'crossed', stage: 'observation' },
  { name: 'wideSpread', stage: 'observation' },
  { name: 'future', stage: 'observation' },
  { name: 'legHalted', stage: 'conversion' },
  { name: 'staleReceived', stage: 'screening' },
  { name: 'staleEvent', stage: 'screening' },
  { name: 'outlier', stage: 'screening' },
  { name: 'frozen', stage: 'screening' },
  { name: 'lagging', stage: 'screening' },
  { name: 'quarantined', stage: 'screening' },
  { name: 'atBound', stage: 'observation' },
  { name: 'sequencerDown', stage: 'screening' },
  { name: 'witness', stage: 'guarding' },
  { name: 'leading', stage: 'screening' },
] as const;

export type Verdict = (typeof VERDICTS)[number]['name'];

const CODES = new Map<Verdict, number>(VERDICTS.map(({ name }, code) => [name, code]));

/** The code of a verdict; a name without one is a bug, and throws. */
export function verdictCode(verdict: Verdict): number {
  const code = CODES.get(verdict);
  if (code === undefined) throw new Error(`verdict ${verdict} has no code; add it to VERDICTS`);
  return code;
}

/**
 * The verdicts of one cut, a row per source of each feed that was evaluated. `measured` and `limit` are the evidence:
 * bps for spreads and distances from the rest, milliseconds for ages, otherwise the price itself; NaN where nothing was measured.
 */
export interface VerdictColumns {
  readonly source: Uint32Array;
  readonly code: Uint8Array;
  /** Share of the vote, 0..1; zero unless used or leading. */
  readonly weight: Float64Array;
  readonly measured: Float64Array;
  readonly limit: Float64Array;
  /** What the source's book visibly held per basis point, in the feed's quote currency; NaN unless used and known. */
  readonly depth: Float32Array;
}

export interface VerdictRow {
  readonly source: number;
  readonly verdict: Verdict;
  readonly weight: number;
  readonly measured: number;
  readonly limit: number;
  readonly depth: number;
}

/** The columns as objects, for whoever asks: logs, console, "why this price?". */
export function* verdictRows(columns: VerdictColumns): Generator<VerdictRow> {
  for (const [row, source] of columns.source.entries()) {
    const verdict = VERDICTS[columns.code[row] ?? -1];
    if (verdict === undefined) throw new Error(`verdict code ${columns.code[row]} is not among ${VERDICTS.length}`);
    yield {
      source,
      verdict: verdict.name,
      weight: columns.weight[row] ?? 0,
      measured: columns.measured[row] ?? NaN,
      limit: columns.limit[row] ?? NaN,
      depth: columns.depth[row] ?? NaN,
    };
  }
}
