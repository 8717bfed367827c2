import { SECOND_MS, type EpochMs } from '../../oracle/units/time';
import type { RecordedEvent } from '../../recording/event';
import { distort, showing, type Active } from '../attacks/distort';
import type { Asset, Effect, Scenario } from '../attacks/scenario';
import { Random, uniformAt } from '../market/random';
import type { Truth } from '../market/truth';
import { Book } from './book';
import { chainlinkRounds } from './chainlink';
import type { Arrival, MarketQuote } from './market-quote';
import { Reference } from './reference';
import { PROFILES, VENUES, type VenueName } from './venues';

/** Long enough before the start for Assay to leave `warming` and grace. */
export const WARM_UP_MS = 62 * SECOND_MS;
/** An hour of trades, for the rule that looks back that far. */
const HISTORY_MS = 3_600 * SECOND_MS;
const HISTORY_EVERY_MS = 5 * SECOND_MS;
/** A book changes after exponential waits of this on average. */
const UPDATE_EVERY_MS: Readonly<Record<Asset, number>> = { BTC: 100, USDT: 400 };
const DIGITS = 9;
/** These leave the book's prices and times as they are. */
const HARMLESS: ReadonlySet<Effect['kind']> = new Set(['echo', 'print', 'volume']);

export interface MarketOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly truth: Truth;
  readonly startAt: EpochMs;
}

/** One scenario's market: everything that arrives, in order. Two scenarios of one seed differ by their faults alone. */
export class SimulatedMarket {
  readonly reference: Reference;
  private readonly books: readonly Book[];

  constructor(private readonly options: MarketOptions) {
    const { scenario, seed, truth, startAt } = options;
    const reference = new Reference(truth, scenario.moves, startAt);
    this.reference = reference;
    this.books = VENUES.flatMap((venue) => [
      new Book(seed, venue, 'BTC', reference),
      ...(PROFILES[venue].hasUsdt ? [new Book(seed, venue, 'USDT', reference)] : []),
    ]);
  }

  /** The hour before the warm-up, at one quote in five seconds: no rule's answer is judged by then. */
  history(): MarketQuote[] {
    const { startAt } = this.options;
    const quotes: MarketQuote[] = [];
    for (let at = startAt - HISTORY_MS; at < startAt - WARM_UP_MS; at += HISTORY_EVERY_MS) {
      for (const book of this.books) quotes.push(this.say(book, at, HISTORY_EVERY_MS, [], 0).quote);
    }
    return quotes;
  }

  arrivals(): Arrival[] {
    const { scenario, startAt } = this.options;
    const spoken = [
      ...this.connections(),
      ...this.books.flatMap((book) => this.quotesOf(book)),
      ...chainlinkRounds(this.reference, scenario, { from: startAt - WARM_UP_MS, startAt }),
    ];
    return spoken.sort((a, b) => a.at - b.at);
  }

  /** Whether a venue's book of the asset tells the truth at an instant. A real market's lag is no lie. */
  isHonest(venue: VenueName, base: Asset, at: EpochMs): boolean {
    return this.active(venue, base, at).every(({ effect }) => HARMLESS.has(effect.kind));
  }

  private connections(): Arrival[] {
    const { scenario, startAt } = this.options;
    const opened = VENUES.map((venue) => connection(venue, startAt - WARM_UP_MS, true));
    const lost = scenario.injections.flatMap(({ who, what, fromMs, toMs }) =>
      what.kind !== 'silent'
        ? []
        : who.flatMap((venue) => [
            connection(venue, startAt + fromMs, false),
            ...(toMs < scenario.durationMs ? [connection(venue, startAt + toMs, true)] : []),
          ]),
    );
    return [...opened, ...lost];
  }

  private quotesOf(book: Book): Arrival[] {
    const said: Arrival[] = [];
    let before = NaN;
    let sequence = 0;
    for (const at of this.instants(book)) {
      const active = this.active(book.venue, book.base, at);
      if (active.some(({ effect }) => effect.kind === 'silent')) continue;
      sequence += 1;
      const arrival = this.say(book, at, Number.isNaN(before) ? SECOND_MS : at - before, active, sequence);
      before = at;
      said.push(arrival);
      const echo = active.flatMap(({ effect }) => (effect.kind === 'echo' ? [effect] : []))[0];
      if (echo === undefined) continue;
      const draw = uniformAt(book.seed ^ 0x6f, sequence);
      if (draw < echo.twice) said.push(arrival);
      else if (draw < echo.twice + echo.swapped) swapLastTwo(said);
    }
    return said;
  }

  /** When a book of the market speaks: the same instants in every scenario of a seed. */
  private *instants(book: Book): Generator<EpochMs> {
    const { scenario, startAt } = this.options;
    const offset = Math.floor(uniformAt(book.seed, 0) * SECOND_MS);
    for (let at = startAt - WARM_UP_MS + offset; at < startAt; at += SECOND_MS) yield at;
    const waits = new Random(book.seed);
    for (let ms = 0; ;) {
      ms += 1 + Math.floor(waits.exponential(UPDATE_EVERY_MS[book.base]));
      if (ms >= scenario.durationMs) return;
      yield startAt + ms;
    }
  }

  private say(
    book: Book,
    at: EpochMs,
    sinceMs: number,
    active: readonly Active[],
    sequence: number,
  ): Arrival & { readonly quote: MarketQuote } {
    const { venue, base, quote: currency } = book;
    const { instant, eventAt } = showing(active, at, this.lagMs(venue, at));
    const words = distort({ ...book.holds(instant), volumeUsd: book.volumeUsd(at, sinceMs), eventAt }, active, {
      at,
      turn: sequence,
      seed: book.seed,
    });
    const quote = { at, venue, base, quote: currency, ...rounded(words), sequence };
    const isHonest = active.every(({ effect }) => HARMLESS.has(effect.kind));
    return { at, event: frameEvent(book.instrument, quote), quote, ...(isHonest ? { shows: instant } : {}) };
  }

  private lagMs(venue: VenueName, at: EpochMs): number {
    const { scenario, startAt } = this.options;
    const usual = PROFILES[venue].lagMs;
    return at < startAt ? usual : (scenario.lagsMs?.[venue] ?? usual);
  }

  private active(venue: VenueName, base: Asset, at: EpochMs): Active[] {
    const { scenario, startAt } = this.options;
    const ms = at - startAt;
    return scenario.injections.flatMap(({ who, asset = 'BTC', what, fromMs, toMs }) => {
      const isConcerned = who.includes(venue) && (asset === base || what.kind === 'silent');
      return isConcerned && ms >= fromMs && ms < toMs ? [{ effect: what, since: startAt + fromMs }] : [];
    });
  }
}

function connection(venue: string, at: EpochMs, open: boolean): Arrival {
  return { at, event: { at, venue, connection: 'lab', open } };
}

/** The earlier of the two arrives later. */
function swapLastTwo(said: Arrival[]): void {
  const [first, second] = said.slice(-2);
  if (first === undefined || second === undefined) return;
  said.splice(-2, 2, movedTo(second, first.at), movedTo(first, second.at));
}

function movedTo(arrival: Arrival, at: EpochMs): Arrival {
  const { event, quote } = arrival;
  return { ...arrival, at, event: { ...event, at }, ...(quote === undefined ? {} : { quote: { ...quote, at } }) };
}

function rounded<Words extends Pick<MarketQuote, 'bid' | 'ask' | 'last' | 'bidSize' | 'askSize'>>(words: Words): Words {
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

/** In the generic venue's own words (src/inbound/venues/generic/README.md), keys in their usual order. */
function frameEvent(instrument: string, quote: MarketQuote): RecordedEvent {
  const { at, venue, bid, ask, last, bidSize, askSize, eventAt, sequence } = quote;
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
