import type { Logger } from 'pino';
import type { Keccak } from '../oracle/reporting/keccak';
import type { AlertSink } from '../outbound/alerts/sinks/alert-sink';
import type { Clock, Timers } from '../platform/clock/clock';
import type { Metrics } from '../platform/metrics/metrics';

/** What a process has before Nest: made once in `start-standalone.ts`. */
export interface ProcessParts {
  readonly keccak: Keccak;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly metrics: Metrics;
  readonly alertSinks: readonly AlertSink[];
  readonly log: Logger;
}
