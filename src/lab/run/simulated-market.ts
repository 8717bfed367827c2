import { SECOND_MS, type EpochMs } from '../../oracle/units/time';
import { distort, showing, type Active } from '../attacks/distort';
import type { Effect, Scenario, Speaker } from '../attacks/scenario';
import { Random, uniformAt } from '../market/random';
import type { Truth } from '../market/truth';
import { Book } from './book';
import { ASSETS, LISTINGS, listingsOf, PERPETUALS, type Asset } from './listings';
import type { Arrival, MarketQuote } from './market-quote';
import { Reference } from './reference';
import { PERPS, PROFILES, VENUES, type PerpName, type VenueName } from './venues';
import { readings } from './witnesses';
import { connectionEvent, frameEvent, rounded, swapLastTwo, type Said } from './words';

/** Long enough before the start for Assay to leave `warming` and grace. */
export const WARM_UP_MS = 62 * SECOND_MS;
/** An hour of trades, for the rule that looks back that far. */
const HISTORY_MS = 3_600 * SECOND_MS;
const HISTORY_EVERY_MS = 5 * SECOND_MS;
/** These leave the book's prices and times as they are. */
const HARMLESS: ReadonlySet<Effect['kind']> = new Set(['echo', 'print', 'volume']);

export interface MarketOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly truth: Truth;
  readonly startAt: EpochMs;
}

/** A quote of somebody who has a vote, and the instant of the truth that it shows if it is honest. */
interface Spoken {
  readonly said: Said;
  readonly shows?: EpochMs;
}

/** One scenario's market: everything that arrives, in order. Two scenarios of one seed differ by their faults alone. */
export class SimulatedMarket {
  readonly reference: Reference;
  private readonly books: readonly Book[];

  constructor(private readonly options: MarketOptions) {
    const { scenario, seed, truth, startAt } = options;
    const reference = new Reference(truth, scenario.moves, startAt);
    this.reference = reference;
    const heard = ASSETS.filter((asset) => LISTINGS[asset].isAlwaysHeard || asset === scenario.judged);
    this.books = [
      ...heard.flatMap((asset) =>
        listingsOf(asset).map(({ venue, quote }) => new Book(seed, venue, asset, quote, reference)),
      ),
      ...PERPS.flatMap((perp) =>
        PERPETUALS[perp]
          .filter((asset) => heard.includes(asset))
          .map((asset) => new Book(seed, perp, asset, 'USD', reference)),
      ),
    ];
  }

  /** The hour before the warm-up, at one quote in five seconds: no rule's answer is judged by then. */
  history(): MarketQuote[] {
    const { startAt } = this.options;
    const quotes: MarketQuote[] = [];
    for (let at = startAt - HISTORY_MS; at < startAt - WARM_UP_MS; at += HISTORY_EVERY_MS) {
      for (const book of this.books) {
        if (isVoter(book.venue))
          quotes.push({ ...this.say(book, at, HISTORY_EVERY_MS, [], 0).said, venue: book.venue });
      }
    }
    return quotes;
  }

  arrivals(): Arrival[] {
    const { scenario, startAt } = this.options;
    const spoken = [
      ...this.connections(),
      ...this.books.flatMap((book) => this.quotesOf(book)),
      ...readings(this.reference, scenario, { from: startAt - WARM_UP_MS, startAt }),
    ];
    return spoken.sort((a, b) => a.at - b.at);
  }

  /** Whether a venue's book of the asset tells the truth at an instant. A real market's lag is no lie. */
  isHonest(venue: VenueName, base: Asset, at: EpochMs): boolean {
    return this.active(venue, base, at).every(({ effect }) => HARMLESS.has(effect.kind));
  }

  private connections(): Arrival[] {
    const { scenario, startAt } = this.options;
    const talkers: readonly Speaker[] = [...VENUES, ...PERPS];
    const opened = talkers.map((venue) => connectionEvent(venue, startAt - WARM_UP_MS, true));
    const lost = scenario.injections.flatMap(({ who, what, fromMs, toMs }) =>
      what.kind !== 'silent'
        ? []
        : who
            .filter((each) => talkers.includes(each))
            .flatMap((venue) => [
              connectionEvent(venue, startAt + fromMs, false),
              ...(toMs < scenario.durationMs ? [connectionEvent(venue, startAt + toMs, true)] : []),
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
      const spoken = this.say(book, at, Number.isNaN(before) ? SECOND_MS : at - before, active, sequence);
      const arrival = arrivalOf(book, spoken);
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
      ms += 1 + Math.floor(waits.exponential(LISTINGS[book.base].updateEveryMs));
      if (ms >= scenario.durationMs) return;
      yield startAt + ms;
    }
  }

  private say(book: Book, at: EpochMs, sinceMs: number, active: readonly Active[], sequence: number): Spoken {
    const { venue, base, quote } = book;
    const { instant, eventAt } = showing(active, at, this.lagMs(venue, at));
    const words = distort({ ...book.holds(instant), volumeUsd: book.volumeUsd(at, sinceMs), eventAt }, active, {
      at,
      turn: sequence,
      seed: book.seed,
    });
    const isHonest = active.every(({ effect }) => HARMLESS.has(effect.kind));
    return { said: { at, base, quote, ...rounded(words), sequence }, ...(isHonest ? { shows: instant } : {}) };
  }

  private lagMs(venue: VenueName | PerpName, at: EpochMs): number {
    const { scenario, startAt } = this.options;
    const usual = PROFILES[venue].lagMs;
    return at < startAt || !isVoter(venue) ? usual : (scenario.lagsMs?.[venue] ?? usual);
  }

  /** What is wrong with a venue's book; an injection that names no asset concerns the one that is judged. */
  private active(venue: VenueName | PerpName, base: Asset, at: EpochMs): Active[] {
    const { scenario, startAt } = this.options;
    const { judged = 'BTC', injections } = scenario;
    const ms = at - startAt;
    return injections.flatMap(({ who, asset = judged, what, fromMs, toMs }) => {
      const isConcerned = who.includes(venue) && (asset === base || what.kind === 'silent' || !isVoter(venue));
      return isConcerned && ms >= fromMs && ms < toMs ? [{ effect: what, since: startAt + fromMs }] : [];
    });
  }
}

/** Rules of others hear those who have a vote; Assay hears the frame. */
function arrivalOf({ venue, instrument }: Book, { said, shows }: Spoken): Arrival {
  const heard = { at: said.at, event: frameEvent(venue, instrument, said) };
  if (!isVoter(venue)) return heard;
  return { ...heard, quote: { ...said, venue }, ...(shows === undefined ? {} : { shows }) };
}

function isVoter(venue: VenueName | PerpName): venue is VenueName {
  return (VENUES as readonly string[]).includes(venue);
}
