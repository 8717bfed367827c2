import type { Logger } from 'pino';
import type { AlertChange } from '../alert';
import type { AlertSink } from './alert-sink';

/** Alerts as log lines: critical ones as errors, warnings as warnings, resolved ones as information. */
export function logSink(log: Pick<Logger, 'info' | 'warn' | 'error'>): AlertSink {
  return {
    name: 'log',
    async deliver(change: AlertChange) {
      const { summary, ...alert } = change;
      if (change.state === 'resolved') log.info({ alert }, `resolved: ${summary}`);
      else if (change.severity === 'warning') log.warn({ alert }, summary);
      else log.error({ alert }, summary);
    },
    close: () => undefined,
  };
}
