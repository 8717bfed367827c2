import type { OraclePlan } from './plan';
import { SourceRecord, type SourceRecordState } from './screening/source-record';
import type { EpochMs } from './units/time';
import type { VerdictColumns } from './verdict';

/** By source id. */
export type SourcePastState = Readonly<Record<string, SourceRecordState>>;

/**
 * All that earlier verdicts leave behind: one record a source. It is a fold over the published verdict columns and nothing
 * else, so the ledger alone can rebuild it, exactly.
 */
export class SourcePast {
  /** By source. */
  readonly records: readonly SourceRecord[];

  constructor(private readonly plan: OraclePlan) {
    this.records = plan.sources.map(() => new SourceRecord());
  }

  absorb({ source, code, measured, limit }: VerdictColumns, at: EpochMs): void {
    for (let row = 0; row < source.length; row++) {
      const verdict = { code: code[row] as number, measured: measured[row] as number, limit: limit[row] as number };
      this.records[source[row] as number]?.absorb(verdict, at);
    }
  }

  state(): SourcePastState {
    return Object.fromEntries(this.records.map((record, source) => [this.idOf(source), record.state()]));
  }

  restore(state: SourcePastState): void {
    this.records.forEach((record, source) => {
      const past = state[this.idOf(source)];
      if (past !== undefined) record.restore(past);
    });
  }

  private idOf(source: number): string {
    return this.plan.sources[source]?.id ?? '';
  }
}
