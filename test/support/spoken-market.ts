import { Random, seedFor } from '../../src/lab/market/random';
import { Truth } from '../../src/lab/market/truth';
import { Book } from '../../src/lab/run/book';
import { assetModels, type Asset, type Currency } from '../../src/lab/run/listings';
import { Reference } from '../../src/lab/run/reference';
import { PERPS, PROFILES, VENUES, type PerpName, type VenueName } from '../../src/lab/run/venues';
import { connectionEvent, frameEvent, rounded } from '../../src/lab/run/words';
import type { Move } from '../../src/lab/attacks/scenario';
import { cutNumberAt, MINUTE_MS, SECOND_MS, type EpochMs } from '../../src/oracle/units/time';
import type { Configuration } from '../../src/platform/config/configuration';
import type { FrameEvent, ReadEvent, RecordedEvent } from '../../src/recording/event';

const TALKERS: readonly (VenueName | PerpName)[] = [...VENUES, ...PERPS];
/** Of each second: venues speak three at a time. */
const FIRST_TURN_MS = 50;
const TURN_MS = 300;
const SPEAKING = 3;

const CHAIN = 'laboratory';

type Word = FrameEvent | ReadEvent;

/**
 * The laboratory's market at a pace that a test can wait for: each of its books says once a second what it holds, its chain is
 * read once a minute. Nothing is wrong with it but that its prices move, and jump where they are told to.
 */
export class SpokenMarket {
  private readonly books: readonly Book[];
  private readonly reference: Reference;
  private readonly words: Word[] = [];

  constructor(
    private readonly configuration: Configuration,
    private readonly seed: number,
    readonly startAt: EpochMs,
    moves: readonly Move[] = [],
  ) {
    this.reference = new Reference(new Truth(seed, startAt, assetModels(undefined)), moves, startAt);
    this.books = configuration.plan.sources.map(({ venue, instrument }) => {
      const [base, quote] = instrument.split('-');
      return new Book(seed, venue as VenueName, base as Asset, quote as Currency, this.reference);
    });
  }

  /** What a process hears that is there from the start, up to so many seconds later. */
  recording(seconds: number): RecordedEvent[] {
    const opened = TALKERS.map((venue) => connectionEvent(venue, this.startAt, true).event);
    return [this.configured(this.startAt), ...opened, ...this.wordsUntil(this.startAt + seconds * SECOND_MS)];
  }

  /**
   * What one hears that starts at an instant: its connections open one by one, the last of them after `withinMs` at most, and
   * on each its venue says first what it had said last, as venues do.
   */
  recordingFrom(startAt: EpochMs, seconds: number, withinMs: number): RecordedEvent[] {
    const all = this.wordsUntil(this.startAt + seconds * SECOND_MS);
    const last = new Map<string, Word>();
    for (const word of all) if (word.at < startAt) last.set(subjectOf(word), word);
    const random = new Random(seedFor(this.seed, `restart at ${startAt}`));
    const backAt = new Map([...TALKERS, CHAIN].map((who) => [who, startAt + Math.ceil(random.uniform() * withinMs)]));
    const backWhen = (word: Word): EpochMs => backAt.get(speakerOf(word)) ?? Infinity;
    const opened = TALKERS.map((venue) => connectionEvent(venue, backAt.get(venue) ?? Infinity, true).event);
    const again = [...last.values()].map((word) => ({ ...word, at: backWhen(word) }));
    const since = all.filter((word) => word.at >= startAt && word.at > backWhen(word));
    // Sorting is stable: a connection opens before the first word on it.
    return [this.configured(startAt), ...[...opened, ...again, ...since].sort((a, b) => a.at - b.at)];
  }

  private wordsUntil(until: EpochMs): Word[] {
    const spoken = Math.floor((this.words.at(-1)?.at ?? this.startAt - 1) / SECOND_MS) + 1;
    for (let second = spoken; second * SECOND_MS < until; second++) this.speak(second * SECOND_MS);
    return this.words.filter(({ at }) => at < until);
  }

  private speak(second: EpochMs): void {
    if (second % MINUTE_MS === 0) this.words.push(...this.readings(second));
    for (const [place, venue] of TALKERS.entries()) {
      const at = second + FIRST_TURN_MS + Math.floor(place / SPEAKING) * TURN_MS;
      const eventAt = at - PROFILES[venue].lagMs;
      const sequence = second / SECOND_MS;
      for (const book of this.books) {
        if (book.venue !== venue) continue;
        const holds = { ...rounded(book.holds(eventAt)), volumeUsd: 0, eventAt };
        const said = { at, base: book.base, quote: book.quote, sequence, ...holds };
        this.words.push(frameEvent(venue, book.instrument, said) as FrameEvent);
      }
    }
  }

  private readings(at: EpochMs): ReadEvent[] {
    const { anchors, redemptions } = this.configuration.plan;
    const btc = this.reference.price('BTC', 'USD', at).toFixed(8);
    const read = (reader: string, value: string): ReadEvent => {
      return { at, chain: CHAIN, reader, read: { value, updatedAt: at } };
    };
    return [...anchors.map(({ id }) => read(id, btc)), ...redemptions.map(({ id }) => read(id, '1'))];
  }

  private configured(at: EpochMs): RecordedEvent {
    return { at, config: this.configuration.configHash, effectiveCut: cutNumberAt(at) };
  }
}

function speakerOf(word: Word): string {
  return 'venue' in word ? word.venue : CHAIN;
}

function subjectOf(word: Word): string {
  if ('reader' in word) return word.reader;
  return `${word.venue} ${'frame' in word ? (JSON.parse(word.frame) as { instrument: string }).instrument : ''}`;
}
