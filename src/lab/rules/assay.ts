import type { EpochMs } from '../../oracle/units/time';
import type { Configuration } from '../../platform/config/configuration';
import { Listener } from '../run/listener';
import type { Asset } from '../run/listings';
import type { Arrival } from '../run/market-quote';
import type { Candidate } from './candidate';
import { HALTED, type Answer } from './rule';

/** Assay itself. */
export class Assay implements Candidate {
  readonly name = 'assay';
  private readonly listener: Listener;

  /** @throws RangeError for a configuration that does not publish one of the assets */
  constructor(configuration: Configuration, assets: readonly Asset[]) {
    const published = configuration.plan.feeds.map(({ id }) => id);
    for (const asset of assets) {
      if (published.includes(feedOf(asset))) continue;
      throw new RangeError(`${feedOf(asset)} is not among ${published.join(', ')}; the laboratory needs it published`);
    }
    this.listener = new Listener(configuration);
  }

  observe({ event }: Arrival): void {
    this.listener.hear(event);
  }

  answer(asset: Asset, at: EpochMs): Answer {
    const { listener } = this;
    listener.reach(at);
    const feed = feedOf(asset);
    const report = listener.report(feed);
    if (report?.prices === undefined) return { ...HALTED, reasons: report?.reasons ?? [] };
    const { status, reasons, permits, prices } = report;
    const { price, low, high, collateral } = prices;
    return {
      price: listener.figure(feed, price),
      band: { low: listener.figure(feed, low), high: listener.figure(feed, high) },
      status: status === 'ok' ? 'ok' : 'degraded',
      permitsLiquidation: permits.includes('liquidate'),
      isFlagged: status !== 'ok' || reasons.length > 0,
      reasons,
      ...(collateral === undefined ? {} : { collateral: listener.figure(feed, collateral) }),
    };
  }
}

function feedOf(asset: Asset): string {
  return `${asset}/USD`;
}
