import type { EpochMs } from '../../oracle/units/time';
import { uniformAt } from '../market/random';
import type { BookState } from '../run/book';
import type { Effect } from './scenario';

/** An effect that is at work, and since when. */
export interface Active {
  readonly effect: Effect;
  readonly since: EpochMs;
}

/** A book's content on its way to becoming a quote. */
export interface Words extends Omit<BookState, 'bid' | 'ask'> {
  readonly bid: number | undefined;
  readonly ask: number | undefined;
  readonly volumeUsd: number;
  readonly eventAt: EpochMs;
}

/** A quote that comes from this venue at this instant shows the truth of then, and is dated so. */
export interface Showing {
  readonly instant: EpochMs;
  readonly eventAt: EpochMs;
}

export function showing(active: readonly Active[], at: EpochMs, lagMs: number): Showing {
  let instant = at - lagMs;
  let eventAt = instant;
  for (const { effect, since } of active) {
    if (effect.kind === 'freeze') instant = since - lagMs;
    if (effect.kind === 'late') {
      const late = effect.ms * ramp(at - since, effect.rampMs);
      instant -= late;
      eventAt -= late;
    }
  }
  return { instant, eventAt };
}

/** Says it with all that is wrong with this venue. `turn` counts the venue's quotes, `seed` draws what is random. */
export function distort(
  words: Words,
  active: readonly Active[],
  by: { readonly at: EpochMs; readonly turn: number; readonly seed: number },
): Words {
  return active.reduce((said, { effect, since }) => distortOnce(said, effect, since, by), words);
}

function distortOnce(
  words: Words,
  effect: Effect,
  since: EpochMs,
  { at, turn, seed }: { readonly at: EpochMs; readonly turn: number; readonly seed: number },
): Words {
  switch (effect.kind) {
    case 'shift':
      return scaled(words, 1 + shiftAt(effect, at - since) / 10_000);
    case 'times':
      return scaled(words, effect.factors[turn % effect.factors.length] ?? 1);
    case 'garbage':
      return scaled(words, 1 + (effect.bps * (2 * uniformAt(seed ^ 0x7f, at) - 1)) / 10_000);
    case 'says': {
      const value = effect.values[turn % effect.values.length];
      return { ...words, bid: value, ask: value };
    }
    case 'spread': {
      const half = (middleOf(words) * effect.bps) / 20_000;
      return { ...words, bid: middleOf(words) - half, ask: middleOf(words) + half };
    }
    case 'crossed':
      return { ...words, bid: middleOf(words) * 1.001, ask: middleOf(words) * 0.999 };
    case 'oneSided':
      return { ...words, ask: undefined };
    case 'size':
      return { ...words, bidSize: words.bidSize * effect.bid, askSize: words.askSize * effect.ask };
    case 'volume':
      return { ...words, volumeUsd: words.volumeUsd * effect.by };
    case 'print':
      return { ...words, last: middleOf(words) * effect.by };
    case 'clock':
      return { ...words, eventAt: words.eventAt + effect.ms };
    case 'freeze':
    case 'late':
    case 'silent':
    case 'echo':
    case 'atBound':
      return words;
  }
}

/** Basis points by which a shift has moved a book this long after it began. */
export function shiftAt(effect: Extract<Effect, { kind: 'shift' }>, ms: number): number {
  const isOff = effect.pulseMs !== undefined && Math.floor(ms / effect.pulseMs) % 2 === 1;
  return isOff ? 0 : effect.bps * ramp(ms, effect.rampMs);
}

function ramp(ms: number, rampMs: number | undefined): number {
  return rampMs === undefined ? 1 : Math.min(1, ms / rampMs);
}

function scaled(words: Words, by: number): Words {
  return { ...words, bid: times(words.bid, by), ask: times(words.ask, by), last: words.last * by };
}

function times(price: number | undefined, by: number): number | undefined {
  return price === undefined ? undefined : price * by;
}

function middleOf({ bid, ask, last }: Words): number {
  return bid === undefined || ask === undefined ? last : (bid + ask) / 2;
}
