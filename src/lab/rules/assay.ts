import { fromMantissa } from '../../oracle/units/decimal';
import type { Report } from '../../oracle/report';
import type { EpochMs } from '../../oracle/units/time';
import type { Configuration } from '../../platform/config/configuration';
import { buildEngine } from '../../runtime/build-engine';
import type { Engine } from '../../runtime/engine';
import type { Arrival } from '../run/market-quote';
import { HALTED, type Answer, type Rule } from './rule';

/** Nobody sees the leaves, and hashing them would take most of the time. */
const unhashed = (): Uint8Array => new Uint8Array(32);

/** Assay itself: the engine of the live service, fed through the same intake, its cuts made at their own instants. */
export class Assay implements Rule {
  readonly name = 'assay';
  private readonly engine: Engine;
  private readonly feed: number;
  private readonly decimals: number;
  private report: Report | undefined;
  private hearingAt: EpochMs | undefined;

  constructor(configuration: Configuration, feed: string) {
    const { feeds } = configuration.plan;
    this.feed = feeds.findIndex(({ id }) => id === feed);
    const plan = feeds[this.feed];
    if (plan === undefined) {
      throw new RangeError(`${feed} is not among ${feeds.map(({ id }) => id).join(', ')}; judge one that is published`);
    }
    this.decimals = plan.decimals;
    this.engine = buildEngine(configuration, { keccak: unhashed, signer: undefined });
  }

  /** Events of equal `at` are one turn: they are all heard before time moves on. */
  observe({ event }: Arrival): void {
    if (this.hearingAt !== undefined && event.at > this.hearingAt) this.advance(this.hearingAt);
    this.engine.hear(event);
    this.hearingAt = event.at;
  }

  price(at: EpochMs): Answer {
    if (this.hearingAt !== undefined) this.advance(this.hearingAt);
    this.hearingAt = undefined;
    this.advance(at);
    return this.report === undefined ? HALTED : answerOf(this.report, this.decimals);
  }

  private advance(at: EpochMs): void {
    for (const { cut } of this.engine.advance(at)) {
      this.report = cut.reports.find(({ feed }) => feed === this.feed) ?? this.report;
    }
  }
}

function answerOf({ status, reasons, permits, prices }: Report, decimals: number): Answer {
  const isFlagged = status !== 'ok' || reasons.length > 0;
  if (prices === undefined) return HALTED;
  return {
    price: fromMantissa(prices.price, decimals),
    band: { low: fromMantissa(prices.low, decimals), high: fromMantissa(prices.high, decimals) },
    status: status === 'ok' ? 'ok' : 'degraded',
    permitsLiquidation: permits.includes('liquidate'),
    isFlagged,
  };
}
