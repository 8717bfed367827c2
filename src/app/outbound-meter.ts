import type { AlertsService } from '../outbound/alerts/alerts.service';
import type { StreamMeter } from '../outbound/stream/limits';
import type { StreamService } from '../outbound/stream/stream.service';
import type { Metrics } from '../platform/metrics/metrics';

/** Counts what leaves: subscribers, messages spared, alerts told. */
export class OutboundMeter implements StreamMeter {
  private stream: StreamService | undefined;
  private alerts: AlertsService | undefined;

  constructor(private readonly metrics: Metrics) {}

  /** From then on `refresh` has something to look at. */
  watch(stream: StreamService, alerts: AlertsService): this {
    this.stream = stream;
    this.alerts = alerts;
    return this;
  }

  conflated(): void {
    this.metrics.streamConflations.inc();
  }

  closed(code: number): void {
    this.metrics.streamClosed.inc({ code });
  }

  /** Brings the metrics up to date; called before each scrape. */
  refresh(): void {
    const { streamSubscribers, alertsFiring, alertDeliveries } = this.metrics;
    streamSubscribers.set(this.stream?.subscribers ?? 0);
    alertsFiring.reset();
    for (const { rule, severity } of this.alerts?.active() ?? []) alertsFiring.inc({ rule, severity });
    alertDeliveries.reset();
    for (const { sink, delivered, failed, dropped } of this.alerts?.deliveries() ?? []) {
      alertDeliveries.inc({ sink, outcome: 'delivered' }, delivered);
      alertDeliveries.inc({ sink, outcome: 'failed' }, failed + dropped);
    }
  }
}
