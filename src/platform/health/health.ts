import type { Status } from '../../oracle/report';

/** One thing that was looked at; `detail` says the value and the limit, or what is missing. */
export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface Health {
  readonly ok: boolean;
  readonly checks: readonly HealthCheck[];
}

/** Longer than this without a turn, the process does not answer in any useful time: restart it. */
export const MAX_LOOP_LAG_MS = 5_000;

/**
 * Whether to restart the process: only if its own loop hangs. A dead venue or a full disk is no reason; a restart
 * would mend neither, and lose what is still good.
 */
export function liveness(loopLagMs: number): Health {
  return health([
    {
      name: 'eventLoop',
      ok: loopLagMs <= MAX_LOOP_LAG_MS,
      detail: `lagged ${Math.round(loopLagMs)} ms at worst, limit ${MAX_LOOP_LAG_MS} ms`,
    },
  ]);
}

export interface ReadinessFacts {
  /** False once the one effect loop has stopped. */
  readonly running: boolean;
  /** What failed last with no success since, or undefined. */
  readonly signerFault: string | undefined;
  readonly ledgerFault: string | undefined;
  /** Every configured feed; undefined before its first report. */
  readonly feeds: readonly { readonly id: string; readonly status: Status | undefined }[];
}

/**
 * Whether to send subscribers here: cuts are made, signed and kept, and some feed has a price. One halted feed does
 * not make a service unready, for its report says so itself and the others are still worth having.
 */
export function readiness({ running, signerFault, ledgerFault, feeds }: ReadinessFacts): Health {
  const priceless = feeds.filter(({ status }) => status === undefined || status === 'halted');
  const names = priceless.map(({ id }) => id).join(', ');
  return health([
    { name: 'runtime', ok: running, detail: running ? 'makes cuts' : 'has stopped; see the log, then restart' },
    { name: 'signer', ok: signerFault === undefined, detail: signerFault ?? 'signs' },
    { name: 'ledger', ok: ledgerFault === undefined, detail: ledgerFault ?? 'keeps' },
    {
      name: 'feeds',
      ok: priceless.length < feeds.length,
      detail: priceless.length === 0 ? `${feeds.length} have their quorum` : `without quorum: ${names}`,
    },
  ]);
}

function health(checks: readonly HealthCheck[]): Health {
  return { ok: checks.every(({ ok }) => ok), checks };
}
