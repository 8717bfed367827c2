import type { EpochMs } from '../../oracle/units/time';
import type { RelayStore } from '../../platform/config/relay-configuration';
import type { AlertChange } from '../alerts/alert';
import type { Cause } from './decide';

/** What is known of a store at a look. */
export interface StoreLook {
  /** Why it ought to be told; undefined where it is fresh. */
  readonly cause: Cause | undefined;
  /** The cut that it holds; 0 for none. */
  readonly cut: number;
  readonly at: EpochMs;
  /** What stands in the way, in the words of the carrier. */
  readonly obstacle: string | undefined;
}

/** One store's alert: it fires when the store has been due for `lateAfterMs`, and is resolved once it is fresh. */
export class LateWatch {
  private dueSince: EpochMs | undefined;
  private fired: AlertChange | undefined;

  constructor(
    private readonly chain: string,
    private readonly store: RelayStore,
  ) {}

  look({ cause, cut, at, obstacle }: StoreLook): AlertChange | undefined {
    if (cause === undefined) {
      const resolved = this.fired && this.change('resolved', this.fired.since, cut, at, 'it was told');
      this.dueSince = this.fired = undefined;
      return resolved;
    }
    this.dueSince ??= at;
    if (this.fired !== undefined || at - this.dueSince < this.store.lateAfterMs) return undefined;
    const why = `due by ${cause.kind} since ${at - this.dueSince} ms, limit ${this.store.lateAfterMs} ms`;
    this.fired = this.change('firing', this.dueSince, cut, at, `${why}; ${obstacle ?? 'waiting to be mined'}`);
    return this.fired;
  }

  private change(state: AlertChange['state'], since: EpochMs, cut: number, at: EpochMs, told: string): AlertChange {
    const { group, address, lateAfterMs } = this.store;
    const subject = `${this.chain}/${group}`;
    return {
      id: `relayLate:${subject}`,
      rule: 'relayLate',
      subject,
      severity: 'critical',
      state,
      since,
      at,
      cut,
      summary: `the store of ${group} on ${this.chain} holds cut ${cut}: ${told}`,
      evidence: { store: address, dueMs: at - since, lateAfterMs },
    };
  }
}
