import type { Cut } from '../../oracle/cut';
import type { Report } from '../../oracle/report';
import { fromMantissa } from '../../oracle/units/decimal';
import type { EpochMs } from '../../oracle/units/time';
import type { Configuration } from '../../platform/config/configuration';
import type { RecordedEvent } from '../../recording/event';
import { buildEngine, type EngineOptions } from '../../runtime/build-engine';
import type { Engine } from '../../runtime/engine';

/** Nobody sees the leaves, and hashing them would take most of the time. */
const unhashed = (): Uint8Array => new Uint8Array(32);

interface ListenerOptions extends Partial<EngineOptions> {
  readonly onCut?: (cut: Cut) => void;
}

/** The engine of the live service, fed through the same intake, its cuts made at their own instants. */
export class Listener {
  private readonly engine: Engine;
  private readonly feeds: ReadonlyMap<string, number>;
  private readonly reports = new Map<number, Report>();
  private readonly onCut: ((cut: Cut) => void) | undefined;
  private hearingAt: EpochMs | undefined;
  private reached: EpochMs = -Infinity;

  constructor(
    private readonly configuration: Configuration,
    { onCut, ...options }: ListenerOptions = {},
  ) {
    this.feeds = new Map(configuration.plan.feeds.map(({ id }, feed) => [id, feed]));
    this.engine = buildEngine(configuration, { keccak: unhashed, signer: undefined, ...options });
    this.onCut = onCut;
  }

  /** Events of equal `at` are one turn: they are all heard before time moves on. */
  hear(event: RecordedEvent): void {
    if (this.hearingAt !== undefined && event.at > this.hearingAt) this.advance(this.hearingAt);
    this.engine.hear(event);
    this.hearingAt = event.at;
  }

  /** Lets time come to an instant; one it has come to already changes nothing. */
  reach(at: EpochMs): void {
    if (at <= this.reached) return;
    if (this.hearingAt !== undefined && this.hearingAt < at) this.advance(this.hearingAt);
    this.hearingAt = undefined;
    this.advance(at);
    this.reached = at;
  }

  /** The last report of a feed; absent before the first, and of a feed that is not published. */
  report(feed: string): Report | undefined {
    return this.reports.get(this.feeds.get(feed) ?? -1);
  }

  /** A whole number of the feed's own decimals as a figure. */
  figure(feed: string, mantissa: number): number {
    return fromMantissa(mantissa, this.configuration.plan.feeds[this.feeds.get(feed) ?? -1]?.decimals ?? 0);
  }

  /** The feed's price; undefined where it publishes none. */
  price(feed: string): number | undefined {
    const prices = this.report(feed)?.prices;
    return prices === undefined ? undefined : this.figure(feed, prices.price);
  }

  state(): unknown {
    return this.engine.state();
  }

  private advance(at: EpochMs): void {
    for (const { cut } of this.engine.advance(at)) {
      for (const report of cut.reports) this.reports.set(report.feed, report);
      this.onCut?.(cut);
    }
  }
}
