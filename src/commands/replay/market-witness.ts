import type { Outcome } from '../../inbound/dialect';
import type { StandingWords } from '../../lab/drawing/standing-words';
import type { Cut } from '../../oracle/cut';
import type { RecordedEvent } from '../../recording/event';
import type { ReplayWitness } from './replay';

/** Keeps what is heard and what is published side by side, and tells whoever takes notes at every cut. */
export class MarketWitness implements ReplayWitness {
  constructor(
    private readonly words: StandingWords,
    private readonly notebooks: readonly { note(cut: Cut): void }[],
  ) {}

  hear(event: RecordedEvent, outcomes: readonly Outcome[]): void {
    if (!('venue' in event)) return;
    if ('open' in event) this.words.forget(event.venue, event.at);
    for (const outcome of outcomes) {
      if (outcome.kind === 'quote') this.words.hear(event.venue, outcome.instrument, outcome.quote, event.at);
    }
  }

  take(cut: Cut): void {
    this.words.take(cut);
    for (const notebook of this.notebooks) notebook.note(cut);
  }
}
