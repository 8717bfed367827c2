import type { Clock } from '../../platform/clock/clock';
import { HOUR_MS, MINUTE_MS, type EpochMs } from '../../oracle/units/time';

/**
 * Statuses by which a venue turns away the whole address it sees, not one connection: rate limit (429), Binance's ban
 * of whoever goes on after it (418, https://developers.binance.com/docs/binance-spot-api-docs/rest-api/limits),
 * firewall (403), place (451). Knocking on makes these last longer.
 */
const HOLDING_STATUSES: ReadonlySet<number> = new Set([403, 418, 429, 451]);
const HOLD_MS = 1 * MINUTE_MS;
/** A `Retry-After` beyond this is taken for this, so that no mistaken header silences a venue for days. */
const MAX_HOLD_MS = 1 * HOUR_MS;

/** The hosts that must be left alone for a while; shared by all sessions, since a host counts by address. */
export class HostHolds {
  private readonly until = new Map<string, EpochMs>();

  constructor(private readonly clock: Clock) {}

  /** Notes how a host refused a handshake; a status that says nothing about the address changes nothing. */
  refused(host: string, status: number, retryAfterMs: number | undefined): void {
    if (!HOLDING_STATUSES.has(status)) return;
    const holdMs = Math.min(Math.max(HOLD_MS, retryAfterMs ?? 0), MAX_HOLD_MS);
    this.until.set(host, Math.max(this.clock.now() + holdMs, this.until.get(host) ?? 0));
  }

  /** How long the host must still be left alone; 0 where it need not. */
  remainingMs(host: string): number {
    return Math.max(0, (this.until.get(host) ?? 0) - this.clock.now());
  }
}
