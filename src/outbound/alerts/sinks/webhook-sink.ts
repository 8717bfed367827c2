import { createHmac } from 'node:crypto';
import {
  ConsecutiveBreaker,
  ExponentialBackoff,
  type IPolicy,
  circuitBreaker,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import { boundedHttp, isTransient, type BoundedHttp } from '../../bounded-http';
import type { AlertChange } from '../alert';
import type { AlertSink } from './alert-sink';

const MAX_RESPONSE_BYTES = 64 * 1024;

export interface WebhookSettings {
  /** May hold a token of the receiver, and is never logged. */
  readonly url: string;
  /** Signs what is sent; without one the receiver has only the url to trust. */
  readonly secret: string | undefined;
  /** For one attempt, from the connection to the last byte of the answer. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly retries: number;
  /** Before the first retry; it doubles with jitter up to 30 s. */
  readonly retryDelayMs: number;
  /** After this many failed attempts in a row none is made for `breakMs`. */
  readonly breakAfter: number;
  readonly breakMs: number;
}

export const WEBHOOK_DEFAULTS = { retries: 4, retryDelayMs: 500, breakAfter: 10, breakMs: 30_000 } as const;

/**
 * Posts each change as JSON. A time-out, a lost connection, 408, 429 and 5xx are tried again; any other answer but 2xx
 * is final, and redirects are not followed. `x-assay-signature` is `sha256=` and the hex HMAC-SHA256 of
 * `<x-assay-timestamp>.<body>`, the timestamp in epoch milliseconds.
 */
export class WebhookSink implements AlertSink {
  readonly name = 'webhook';
  private readonly closing = new AbortController();
  private readonly client: BoundedHttp;
  private readonly policy: IPolicy;

  constructor(
    private readonly settings: WebhookSettings,
    private readonly now: () => number,
  ) {
    this.client = boundedHttp({ sockets: 1, maxAnswerBytes: MAX_RESPONSE_BYTES });
    const transient = handleWhen((error) => !this.closing.signal.aborted && isTransient(error));
    this.policy = wrap(
      retry(transient, {
        maxAttempts: settings.retries,
        backoff: new ExponentialBackoff({ initialDelay: settings.retryDelayMs, maxDelay: 30_000 }),
      }),
      circuitBreaker(transient, {
        halfOpenAfter: settings.breakMs,
        breaker: new ConsecutiveBreaker(settings.breakAfter),
      }),
    );
  }

  async deliver(change: AlertChange): Promise<void> {
    const body = JSON.stringify(change);
    await this.policy.execute(() => this.post(body), this.closing.signal);
  }

  close(): void {
    this.closing.abort();
    this.client.close();
  }

  private async post(body: string): Promise<void> {
    const { url, timeoutMs } = this.settings;
    const signal = AbortSignal.any([this.closing.signal, AbortSignal.timeout(timeoutMs)]);
    await this.client.http.post(url, body, {
      signal,
      headers: { 'content-type': 'application/json', ...this.signed(body) },
    });
  }

  private signed(body: string): Record<string, string> {
    const { secret } = this.settings;
    if (secret === undefined) return {};
    const timestamp = String(this.now());
    const mac = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    return { 'x-assay-timestamp': timestamp, 'x-assay-signature': `sha256=${mac}` };
  }
}
