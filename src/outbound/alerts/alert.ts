import type { EpochMs } from '../../oracle/units/time';

export type AlertState = 'firing' | 'resolved';

/** A change in an alert's life: what is logged, sent, served and kept in the ledger. */
export interface AlertChange {
  /** `feedHalted:BTC/USD`: the rule and its subject; at most one alert of an id lives at a time. */
  readonly id: string;
  readonly rule: string;
  readonly subject: string;
  readonly severity: 'warning' | 'critical';
  readonly state: AlertState;
  /** When the condition began to hold; an alert fires only after it held for the rule's `forMs`. */
  readonly since: EpochMs;
  readonly at: EpochMs;
  readonly cut: number;
  /** One sentence an operator can act on: the thing, the value, the limit. */
  readonly summary: string;
  readonly evidence: Readonly<Record<string, string | number | readonly string[]>>;
}
