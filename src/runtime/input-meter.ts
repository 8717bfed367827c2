import type { Counter } from 'prom-client';
import type { Outcome } from '../inbound/dialect';
import type { Metrics } from '../platform/metrics/metrics';
import type { RecordedEvent } from '../recording/event';

/** Counts what came in. It runs once a frame, so each counter's labels are looked up once and then kept. */
export class InputMeter {
  private readonly frames = new Map<string, Map<Outcome['kind'], Counter.Internal>>();

  constructor(private readonly metrics: Pick<Metrics, 'frames' | 'rejections' | 'connectionsOpen'>) {}

  count(event: RecordedEvent, outcomes: readonly Outcome[]): void {
    if (!('venue' in event)) return;
    const { venue } = event;
    if ('open' in event) this.metrics.connectionsOpen.labels({ venue })[event.open ? 'inc' : 'dec']();
    for (const outcome of outcomes) {
      this.framesOf(venue, outcome.kind).inc();
      if (outcome.kind === 'rejected') this.metrics.rejections.inc({ venue, reason: outcome.reason });
    }
  }

  private framesOf(venue: string, outcome: Outcome['kind']): Counter.Internal {
    const ofVenue = this.frames.get(venue) ?? new Map<Outcome['kind'], Counter.Internal>();
    const counter = ofVenue.get(outcome) ?? this.metrics.frames.labels({ venue, outcome });
    this.frames.set(venue, ofVenue.set(outcome, counter));
    return counter;
  }
}
