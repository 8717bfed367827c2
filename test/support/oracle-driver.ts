import type { Cut } from '../../src/oracle/cut';
import { drive } from '../../src/oracle/drive';
import type { OracleInput, Quote } from '../../src/oracle/input';
import { Oracle, type OracleState } from '../../src/oracle/oracle';
import type { OraclePlan } from '../../src/oracle/plan';
import type { Report } from '../../src/oracle/report';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import type { RiskModels } from '../../src/oracle/risk-past';
import type { EpochMs } from '../../src/oracle/units/time';
import { verdictRows, type VerdictRow } from '../../src/oracle/verdict';

/** A whole second and a whole minute, so that grids are easy to count from it. */
export const T0: EpochMs = 1_700_000_040_000;

/** A quote that says no more than one price, with no spread. */
export function quoteOf(price: number, particular: Partial<Quote> = {}): Quote {
  const unsaid = { bidSize: undefined, askSize: undefined, last: undefined, eventAt: undefined, sequence: undefined };
  return { bid: price, ask: price, ...unsaid, ...particular };
}

export function newOracle(plan: OraclePlan, keccak: Keccak, state?: OracleState, models?: RiskModels): Oracle {
  return new Oracle(plan, { keccak, configHash: new Uint8Array(32), signerEpoch: 1 }, state, models);
}

/** Steers one oracle through time, by names instead of indices, and keeps what it publishes. */
export class OracleDriver {
  readonly cuts: Cut[] = [];
  readonly oracle: Oracle;
  private readonly standing = new Map<number, Report>();
  private readonly judged = new Map<string, VerdictRow>();

  constructor(
    readonly plan: OraclePlan,
    keccak: Keccak,
    state?: OracleState,
  ) {
    this.oracle = newOracle(plan, keccak, state);
  }

  /** Brings the oracle to an instant with the inputs of that instant; returns the cuts made on the way. */
  to(at: EpochMs, inputs: readonly OracleInput[] = []): Cut[] {
    const cuts = [...drive(this.oracle, at, inputs)];
    for (const cut of cuts) {
      this.cuts.push(cut);
      for (const report of cut.reports) this.standing.set(report.feed, report);
      for (const row of verdictRows(cut.verdicts)) this.judged.set(this.plan.sources[row.source]!.id, row);
    }
    return cuts;
  }

  /** Every `everyMs` up to and with `until`, all of these sources say their price again. */
  keep(until: EpochMs, prices: Readonly<Record<string, number>>, everyMs = 500): void {
    const from = this.cuts.at(-1)?.at ?? until;
    for (let at = from + everyMs; at < until; at += everyMs) this.to(at, this.say(prices));
    this.to(until, this.say(prices));
  }

  say(prices: Readonly<Record<string, number | Quote>>): OracleInput[] {
    return Object.entries(prices).map(([id, said]) => ({
      kind: 'quote',
      source: this.source(id),
      quote: typeof said === 'number' ? quoteOf(said) : said,
    }));
  }

  disconnect(...ids: string[]): OracleInput {
    return { kind: 'disconnect', sources: ids.map((id) => this.source(id)) };
  }

  operator(action: 'halt' | 'resume', feed: string): OracleInput {
    return { kind: 'operator', action, feed: this.feed(feed) };
  }

  anchor(id: string, value: number, updatedAt: EpochMs): OracleInput {
    return { kind: 'anchor', anchor: this.plan.anchors.findIndex((anchor) => anchor.id === id), value, updatedAt };
  }

  redemption(id: string, value: number, updatedAt: EpochMs): OracleInput {
    return { kind: 'redemption', redemption: indexNamed(this.plan.redemptions, id), value, updatedAt };
  }

  /** The report of a feed that stands. */
  report(feed: string): Report {
    const report = this.standing.get(this.feed(feed));
    if (report === undefined) throw new Error(`${feed} has no report yet`);
    return report;
  }

  /** The newest verdict on a source. */
  verdict(source: string): VerdictRow {
    const row = this.judged.get(source);
    if (row === undefined) throw new Error(`no verdict on ${source} yet`);
    return row;
  }

  private source(id: string): number {
    return indexNamed(this.plan.sources, id);
  }

  private feed(id: string): number {
    return indexNamed(this.plan.feeds, id);
  }
}

function indexNamed(named: readonly { readonly id: string }[], id: string): number {
  const index = named.findIndex((one) => one.id === id);
  if (index < 0) throw new Error(`${id} is not in the plan`);
  return index;
}
