import { assay } from '../support/assay-process';

interface Summary {
  readonly feeds: { readonly total: number; readonly ok: number };
  readonly firstSignedMs?: number;
  readonly messages: { readonly sampled: number; readonly verified: number };
  readonly errorBps: { readonly p50: number; readonly p99: number };
  readonly venues: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

describe('assay demo --for 20s --json', () => {
  test('ends by itself: 25 feeds are ok, every sampled message is verified, and the prices are true', async () => {
    const { code, printed, complained } = await assay(['demo', '--for', '20s', '--json']);
    expect({ code, complained }).toMatchObject({ code: 0 });
    const summary = JSON.parse(printed.trimEnd().split('\n').at(-1) ?? '') as Summary;

    expect(summary.feeds).toEqual({ total: 25, ok: 25 });
    expect(summary.firstSignedMs).toBeGreaterThan(0);
    expect(summary.messages.sampled).toBeGreaterThan(50);
    expect(summary.messages.verified).toBe(summary.messages.sampled);
    expect(summary.errorBps.p99).toBeLessThanOrEqual(5);
    expect(Object.keys(summary.venues).sort()).toEqual([
      ...['binance', 'binance-perpetual', 'bitstamp', 'bybit', 'bybit-perpetual'],
      ...['coinbase', 'deribit', 'kraken', 'okx', 'okx-perpetual'],
    ]);
    for (const [venue, outcomes] of Object.entries(summary.venues)) {
      expect(outcomes[venue === 'deribit' ? 'volatility' : 'quote']).toBeGreaterThan(0);
      expect(outcomes['rejected'] ?? 0).toBe(0);
    }
  }, 90_000);
});
