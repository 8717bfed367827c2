import type { RecordedEvent } from '../event';
import { isPositiveDecimal } from './table';

/** How often a fixture says its price again: often enough for any age that a quote is allowed. */
const EVERY_MS = 10_000;

/** A price that nobody recorded and that is assumed: one venue's word for all of a recording. */
export interface Fixture {
  readonly venue: string;
  readonly instrument: string;
  readonly price: string;
}

/** Reads `venue:instrument=price`, as in `assumed:USDT-USD=1`. */
export function readFixture(text: string): Fixture {
  const [, venue = '', instrument = '', price = ''] = /^([^:=]+):([^=]+)=(.+)$/.exec(text) ?? [];
  if (isPositiveDecimal(price)) return { venue, instrument, price };
  throw new Error(`fixture ${text} is not venue:instrument=price with a positive decimal, as in assumed:USDT-USD=1`);
}

/** The events, which are in the order of time, and what the fixtures say from the first of them to the last. */
export async function* withFixtures(
  events: AsyncIterable<RecordedEvent>,
  fixtures: readonly Fixture[],
): AsyncGenerator<RecordedEvent> {
  let due: number | undefined;
  for await (const event of events) {
    for (due ??= event.at; due <= event.at; due += EVERY_MS) {
      for (const { venue, instrument, price } of fixtures) {
        yield { at: due, venue, observation: { instrument, bid: price, ask: price, last: price } };
      }
    }
    yield event;
  }
}
