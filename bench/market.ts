import { dialectNames } from '../src/inbound/venues/registry';
import type { EpochMs } from '../src/oracle/units/time';
import type { Configuration } from '../src/platform/config/configuration';
import { loadConfiguration } from '../src/platform/config/load';
import { FRAMES } from './frames';

export function realConfiguration(): Configuration {
  return loadConfiguration('config', dialectNames);
}

/** Half a spread, and the most by which a quote leaves the nominal price, relative. */
const HALF_SPREAD = 0.000_05;
const NOISE = 0.000_2;

/** Steady quotes around the nominal prices of a configuration, the same in every run. */
export class Market {
  private readonly sequences = new Map<string, number>();
  private seed = 1;

  constructor(private readonly configuration: Configuration) {}

  /** The next quote of a source of the plan, as its venue would send it on its first connection. */
  frame(source: number, at: EpochMs): { at: EpochMs; venue: string; connection: string; frame: string } {
    const { plan, nominalPrices, venues } = this.configuration;
    const { venue, instrument, feed, multiplier } = plan.sources[source] as (typeof plan.sources)[number];
    const nominal = (nominalPrices[feed] as number) * multiplier;
    const middle = nominal * (1 + (this.random() - 0.5) * 2 * NOISE);
    const sequence = (this.sequences.get(venue) ?? 1_000_000) + 1;
    this.sequences.set(venue, sequence);
    const dialect = venues.find(({ name }) => name === venue)?.dialect ?? '';
    const write = FRAMES[dialect];
    if (write === undefined)
      throw new Error(`no frame is written in ${dialect} of ${venue}: add it to bench/frames.ts`);
    const frame = write({
      instrument,
      at,
      sequence,
      bid: middle * (1 - HALF_SPREAD),
      ask: middle * (1 + HALF_SPREAD),
      bidSize: 0.01 + this.random() * 3,
      askSize: 0.01 + this.random() * 3,
      decimals: priceDecimals(nominal),
    });
    return { at, venue, connection: '1', frame: asReceived(Buffer.from(frame)) };
  }

  private random(): number {
    this.seed = (Math.imul(this.seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.seed / 2 ** 32;
  }
}

/** A text as a socket hands it over: flat, one byte a character, and seen by nobody before. */
export function asReceived(bytes: Buffer): string {
  return bytes.toString('utf8');
}

/** Six significant digits and one more, as exchanges tend to quote. */
function priceDecimals(price: number): number {
  return Math.max(1, 6 - Math.floor(Math.log10(price)));
}
