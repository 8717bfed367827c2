import { MINUTE_MS, SECOND_MS, type EpochMs } from '../units/time';
import { verdictCode } from '../verdict';

/** After a departure that was contradicted, the next one counts as an outlier at once. */
const DISTRUST_MS = MINUTE_MS;
/** So many contradicted departures, none longer than this after the one before, and the source is out. */
const STRIKES = 3;
const STRIKES_FORGOTTEN_MS = 5 * MINUTE_MS;
/** It is out for so long at least, and comes back once it has agreed for so long. */
const QUARANTINE_MS = MINUTE_MS;
const AGREEMENT_MS = 5 * SECOND_MS;

const USED = verdictCode('used');
const OUTLIER = verdictCode('outlier');
const LEADING = verdictCode('leading');
const QUARANTINED = verdictCode('quarantined');

export interface SourceRecordState {
  readonly usedPrice: number;
  readonly departedAt: EpochMs;
  readonly departedBps: number;
  readonly strikes: number;
  readonly struckAt: EpochMs;
  readonly quarantinedAt: EpochMs;
  readonly agreesSince: EpochMs;
}

/** One row of the verdict columns. */
interface JudgedSource {
  readonly code: number;
  readonly measured: number;
  readonly limit: number;
}

/**
 * What a source's earlier verdicts say of it: whether it stands apart and since when, and how often that was found
 * false. A fold over published verdict columns and nothing else, so the ledger alone can rebuild it.
 */
export class SourceRecord {
  /** Its price when it was last used; NaN before. */
  private usedPrice = NaN;
  /** The cut that first found it apart; NaN while it is not. */
  departedAt: EpochMs = NaN;
  private departedBps = NaN;
  private strikes = 0;
  /** When it was last contradicted; NaN if it never was. */
  private struckAt: EpochMs = NaN;
  private quarantinedAt: EpochMs = NaN;
  private agreesSince: EpochMs = NaN;

  /** Takes the verdict of a cut: `measured` is the price where it was used, otherwise its distance in basis points. */
  absorb({ code, measured, limit }: JudgedSource, at: EpochMs): void {
    switch (code) {
      case USED:
        this.join(measured, at);
        return;
      case LEADING:
        if (Number.isNaN(this.departedAt)) this.depart(measured, at);
        return;
      case OUTLIER:
        if (Number.isNaN(this.departedAt)) this.depart(measured, at);
        if (!(this.struckAt >= this.departedAt)) this.strike(at);
        return;
      case QUARANTINED:
        if (measured > limit) this.agreesSince = NaN;
        else if (Number.isNaN(this.agreesSince)) this.agreesSince = at;
    }
  }

  /** Whether its next departure may be news: it may not so soon after one that was not. */
  isTrusted(at: EpochMs): boolean {
    return !(at < this.struckAt + DISTRUST_MS);
  }

  isQuarantined(at: EpochMs): boolean {
    return !Number.isNaN(this.quarantinedAt) && !(at >= this.releasedAt());
  }

  /** When it votes again if it goes on agreeing; NaN while it is not out, or does not agree. */
  releasedAt(): EpochMs {
    return Math.max(this.quarantinedAt + QUARANTINE_MS, this.agreesSince + AGREEMENT_MS);
  }

  state(): SourceRecordState {
    const { usedPrice, departedAt, departedBps, strikes, struckAt, quarantinedAt, agreesSince } = this;
    return { usedPrice, departedAt, departedBps, strikes, struckAt, quarantinedAt, agreesSince };
  }

  restore(state: SourceRecordState): void {
    this.usedPrice = state.usedPrice;
    this.departedAt = state.departedAt;
    this.departedBps = state.departedBps;
    this.strikes = state.strikes;
    this.struckAt = state.struckAt;
    this.quarantinedAt = state.quarantinedAt;
    this.agreesSince = state.agreesSince;
  }

  private depart(measuredBps: number, at: EpochMs): void {
    this.departedAt = at;
    this.departedBps = measuredBps;
  }

  /** Back among the rest. If they did not come to it, it was not ahead of them. */
  private join(price: number, at: EpochMs): void {
    const cameBack = Math.abs(price / this.usedPrice - 1) * 10_000 < this.departedBps / 2;
    if (cameBack && !(this.struckAt >= this.departedAt)) this.strike(at);
    if (at >= this.releasedAt()) {
      this.quarantinedAt = NaN;
      this.strikes = 0;
    }
    this.departedAt = NaN;
    this.departedBps = NaN;
    this.usedPrice = price;
  }

  private strike(at: EpochMs): void {
    this.strikes = at - this.struckAt <= STRIKES_FORGOTTEN_MS ? this.strikes + 1 : 1;
    this.struckAt = at;
    if (this.strikes < STRIKES || !Number.isNaN(this.quarantinedAt)) return;
    this.quarantinedAt = at;
    this.agreesSince = NaN;
  }
}
