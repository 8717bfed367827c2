import type { EpochMs } from '../../oracle/units/time';
import type { Asset } from '../run/listings';
import type { Arrival, MarketQuote } from '../run/market-quote';
import { HALTED, type Answer, type Rule } from './rule';

/** Who is examined: a way to price several assets at once. Instants never go back. */
export interface Candidate {
  readonly name: string;
  /** Quotes of before the run, oldest first. */
  remember?(quote: MarketQuote): void;
  observe(arrival: Arrival): void;
  answer(asset: Asset, at: EpochMs): Answer;
}

/** A rule of others, once for each asset. */
export class PerAsset implements Candidate {
  private readonly rules: ReadonlyMap<Asset, Rule>;

  constructor(
    readonly name: string,
    assets: readonly Asset[],
    make: (asset: Asset) => Rule,
  ) {
    this.rules = new Map(assets.map((asset) => [asset, make(asset)]));
  }

  remember(quote: MarketQuote): void {
    for (const rule of this.rules.values()) rule.remember?.(quote);
  }

  observe(arrival: Arrival): void {
    for (const rule of this.rules.values()) rule.observe(arrival);
  }

  answer(asset: Asset, at: EpochMs): Answer {
    return this.rules.get(asset)?.price(at) ?? HALTED;
  }
}
