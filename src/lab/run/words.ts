import type { EpochMs } from '../../oracle/units/time';
import type { RecordedEvent } from '../../recording/event';
import type { Arrival, MarketQuote } from './market-quote';

const DIGITS = 9;

/** What a book says, by anyone who has one. */
export type Said = Omit<MarketQuote, 'venue'>;

export function connectionEvent(venue: string, at: EpochMs, open: boolean): Arrival {
  return { at, event: { at, venue, connection: 'lab', open } };
}

/** In the generic venue's own words (src/inbound/venues/generic/README.md), keys in their usual order. */
export function frameEvent(venue: string, instrument: string, quote: Said): RecordedEvent {
  const { at, bid, ask, last, bidSize, askSize, eventAt, sequence } = quote;
  const said = {
    instrument,
    ...(bid === undefined ? {} : { bid: String(bid) }),
    ...(ask === undefined ? {} : { ask: String(ask) }),
    last: String(last),
    bidSize: String(bidSize),
    askSize: String(askSize),
    eventAt,
    sequence,
  };
  return { at, venue, connection: 'lab', frame: JSON.stringify(said) };
}

/** As many digits as a venue would give. */
export function rounded<Words extends Pick<MarketQuote, 'bid' | 'ask' | 'last' | 'bidSize' | 'askSize'>>(
  words: Words,
): Words {
  const { bid, ask, last, bidSize, askSize } = words;
  return {
    ...words,
    bid: bid === undefined ? undefined : precise(bid),
    ask: ask === undefined ? undefined : precise(ask),
    last: precise(last),
    bidSize: precise(bidSize),
    askSize: precise(askSize),
  };
}

function precise(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** The earlier of the last two arrives later. */
export function swapLastTwo(said: Arrival[]): void {
  const [first, second] = said.slice(-2);
  if (first === undefined || second === undefined) return;
  said.splice(-2, 2, movedTo(second, first.at), movedTo(first, second.at));
}

function movedTo(arrival: Arrival, at: EpochMs): Arrival {
  const { event, quote } = arrival;
  return { ...arrival, at, event: { ...event, at }, ...(quote === undefined ? {} : { quote: { ...quote, at } }) };
}
