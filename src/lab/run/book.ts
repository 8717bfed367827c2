import type { EpochMs } from '../../oracle/units/time';
import { normalAt, seedFor, uniformAt } from '../market/random';
import { LISTINGS, type Asset, type Currency } from './listings';
import type { Reference } from './reference';
import { PROFILES, type PerpName, type VenueName } from './venues';

/** What a book holds at an instant of the venue. */
export interface BookState {
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
  readonly last: number;
}

/** A venue's own middle strays and comes back in some seconds; sizes and trades change with each slice. */
const NOISE_EVERY_MS = 2_000;
const SLICE_MS = 100;

/** One market of one venue: what its book holds is a pure function of the instant. */
export class Book {
  readonly seed: number;

  constructor(
    marketSeed: number,
    readonly venue: VenueName | PerpName,
    readonly base: Asset,
    readonly quote: Currency,
    private readonly reference: Reference,
  ) {
    this.seed = seedFor(marketSeed, `${venue}:${base}`);
  }

  get instrument(): string {
    return `${this.base}-${this.quote}`;
  }

  holds(at: EpochMs): BookState {
    const { noiseBps, spreadBps, depthUsdPerBp } = PROFILES[this.venue];
    const { roughness, depth } = LISTINGS[this.base];
    const slice = Math.floor(at / SLICE_MS);
    const price = this.reference.price(this.base, this.quote, at);
    const middle = price * (1 + (roughness * noiseBps * smoothNoise(this.seed, at / NOISE_EVERY_MS)) / 10_000);
    const half = (middle * roughness * spreadBps) / 20_000;
    const typicalSize = (depth * depthUsdPerBp) / this.reference.price(this.base, 'USD', at);
    return {
      bid: middle - half,
      ask: middle + half,
      bidSize: typicalSize * Math.exp(0.5 * normalAt(this.seed ^ 0x2f, slice)),
      askSize: typicalSize * Math.exp(0.5 * normalAt(this.seed ^ 0x3f, slice)),
      last: uniformAt(this.seed ^ 0x1f, slice) < 0.5 ? middle - half : middle + half,
    };
  }

  /** Traded in a stretch of time that ends now. */
  volumeUsd(at: EpochMs, overMs: number): number {
    const perSecond = PROFILES[this.venue].volumeUsdPerSecond * Math.exp(0.5 * normalAt(this.seed ^ 0x5f, at));
    return (LISTINGS[this.base].depth * perSecond * overMs) / 1_000;
  }
}

/** A standard normal process: two neighbouring draws, weighted so that the variance stays one. */
function smoothNoise(seed: number, position: number): number {
  const node = Math.floor(position);
  const weight = position - node;
  const blend = (1 - weight) * normalAt(seed ^ 0x4f, node) + weight * normalAt(seed ^ 0x4f, node + 1);
  return blend / Math.sqrt((1 - weight) * (1 - weight) + weight * weight);
}
