import type { EpochMs } from '../../oracle/units/time';
import type { MarketQuote } from '../run/market-quote';
import type { VenueName } from '../run/venues';
import { HeardRule } from './heard-rule';
import { plainAnswer, type Answer } from './rule';

/** Where a listing site looks back a day: long enough to tell the venues apart, short enough for a run. */
const WINDOW_MS = 60_000;

/**
 * Each venue's last trade, weighted by what the venue traded of late: the rule of listing sites
 * (https://www.coingecko.com/en/methodology), theirs over 24 hours.
 */
export class Vwap extends HeardRule {
  readonly name = 'vwap';
  private readonly traded = new Map<VenueName, Rolling>();

  protected override heard({ venue, at, volumeUsd }: MarketQuote): void {
    const rolling = this.traded.get(venue) ?? new Rolling();
    this.traded.set(venue, rolling);
    rolling.add(at, volumeUsd);
  }

  price(at: EpochMs): Answer {
    let sum = 0;
    let weight = 0;
    for (const { venue, last } of this.books.voices(at, WINDOW_MS)) {
      const volume = this.traded.get(venue)?.since(at - WINDOW_MS) ?? 0;
      sum += last * volume;
      weight += volume;
    }
    return plainAnswer(weight > 0 ? sum / weight : undefined);
  }
}

/** A sum over a window that moves on. */
class Rolling {
  private entries: { readonly at: EpochMs; readonly volume: number }[] = [];
  private first = 0;
  private sum = 0;

  add(at: EpochMs, volume: number): void {
    this.entries.push({ at, volume });
    this.sum += volume;
  }

  since(from: EpochMs): number {
    for (
      let entry = this.entries[this.first];
      entry !== undefined && entry.at < from;
      entry = this.entries[this.first]
    ) {
      this.sum -= entry.volume;
      this.first += 1;
    }
    return this.first === this.entries.length ? 0 : this.sum;
  }
}
