import type { EpochMs } from '../../oracle/units/time';
import type { Move } from '../attacks/scenario';
import type { Truth } from '../market/truth';
import { LISTINGS, type Asset, type Currency } from './listings';

/** What everything is really worth in one scenario: the seed's truth, and the scenario's own moves upon it. */
export class Reference {
  constructor(
    private readonly truth: Truth,
    private readonly moves: readonly Move[],
    private readonly startAt: EpochMs,
  ) {}

  /** Units of `quote` for one of `base`. */
  price(base: Asset, quote: Currency, at: EpochMs): number {
    return quote === 'USD' ? this.usd(base, at) : this.usd(base, at) / this.usd(quote, at);
  }

  private usd(asset: Asset, at: EpochMs): number {
    let price = this.truth.priceAt(asset, at);
    for (const move of this.moves) {
      if (move.asset === asset || move.asset === LISTINGS[asset].follows)
        price *= 1 + (move.bps / 10_000) * progress(move, at - this.startAt);
    }
    return price;
  }
}

/** How much of a move has happened, 0..1. */
export function progress({ fromMs, overMs }: Pick<Move, 'fromMs' | 'overMs'>, ms: number): number {
  if (ms < fromMs) return 0;
  return overMs === 0 ? 1 : Math.min(1, (ms - fromMs) / overMs);
}
