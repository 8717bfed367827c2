import { cutNumberAt, type EpochMs } from '../../oracle/units/time';
import type { Scenario } from '../attacks/scenario';
import type { Candidate } from '../rules/candidate';
import type { Answer } from '../rules/rule';
import { listingsOf, type Asset } from './listings';
import type { Arrival, MarketQuote } from './market-quote';
import type { SimulatedMarket } from './simulated-market';
import { DEGRADED, HALTED, newTrack, OK, reasonMask, SAMPLE_MS, type PriceTrack, type Tape, type Track } from './tape';
import { VENUES, type VenueName } from './venues';

/** Rules are asked between two milliseconds, so that no quote ever shares its instant with a question. */
const BETWEEN_MS = 0.5;
/** A venue that said nothing for this long is not fresh. */
const FRESH_MS = 2_000;
/** What accounts hold besides the judged asset is asked for less often: one sample in so many. */
const HELD_EVERY = 5;

/** Asks all candidates at the same instants, and writes down what they said and what was true. */
export class Recorder {
  readonly tape: Tape;
  readonly tracks: readonly Track[];
  private readonly judged: Asset;
  private sample = 0;
  private readonly said = new Map<VenueName, MarketQuote>();
  private readonly shown = new Map<VenueName, { readonly at: EpochMs; readonly instant: EpochMs }>();

  /** `assets` begin with the one that is judged. */
  constructor(
    private readonly market: SimulatedMarket,
    private readonly assets: readonly [Asset, ...Asset[]],
    private readonly scenario: Scenario,
    private readonly startAt: EpochMs,
    private readonly candidates: readonly Candidate[],
  ) {
    const count = Math.floor(scenario.durationMs / SAMPLE_MS);
    const truth = new Float64Array(count);
    this.judged = assets[0];
    this.tape = {
      startAt,
      count,
      at: Float64Array.from({ length: count }, (_, index) => startAt + index * SAMPLE_MS + BETWEEN_MS),
      truth,
      majorityLagMs: new Float64Array(count),
      honestQuorum: new Uint8Array(count),
      quorumLost: new Uint8Array(count),
      venues: VENUES.map(() => new Float64Array(count)),
      holdings: assets.map((asset, index) => ({ asset, truth: index === 0 ? truth : new Float64Array(count) })),
    };
    this.tracks = candidates.map(({ name }) => newTrack(name, count, assets.length - 1));
  }

  /** Takes every sample that lies before the instant. */
  sampleUntil(before: EpochMs): void {
    for (; this.sample < this.tape.count; this.sample++) {
      const at = this.tape.at[this.sample] as number;
      if (at >= before) return;
      this.take(this.sample, at);
    }
  }

  note({ quote, at, shows }: Arrival): void {
    if (quote?.base !== this.judged) return;
    this.said.set(quote.venue, quote);
    if (shows !== undefined) this.shown.set(quote.venue, { at, instant: shows });
  }

  private take(index: number, at: EpochMs): void {
    const { tape } = this;
    tape.holdings.forEach(({ asset, truth }) => {
      truth[index] = this.finite(this.market.reference.price(asset, 'USD', at), 'the truth', at);
    });
    this.takeVenues(index, at);
    this.candidates.forEach((candidate, position) => {
      const track = this.tracks[position] as Track;
      this.keep(track, index, candidate.answer(this.judged, at), at);
      this.takeHoldings(candidate, track.holdings, index, at);
    });
  }

  private takeHoldings(candidate: Candidate, holdings: readonly PriceTrack[], index: number, at: EpochMs): void {
    this.assets.forEach((asset, position) => {
      if (position === 0) return;
      const track = holdings[position] as PriceTrack;
      if (index % HELD_EVERY === 0) this.keepPrice(track, index, candidate.answer(asset, at), candidate.name, at);
      else repeatLast(track, index);
    });
  }

  private takeVenues(index: number, at: EpochMs): void {
    const { judged } = this;
    const listed = listingsOf(judged);
    const total = listed.reduce((sum, { weight }) => sum + weight, 0);
    const honest = listed.flatMap(({ venue, weight }) => {
      const shown = this.shown.get(venue);
      const isFresh = shown !== undefined && at - shown.at < FRESH_MS && this.market.isHonest(venue, judged, at);
      return isFresh ? [{ weight, lagMs: at - shown.instant }] : [];
    });
    const weight = honest.reduce((sum, each) => sum + each.weight, 0);
    const byCount = honest.length * 2 > listed.length;
    const byWeight = weight * 2 > total;
    this.tape.honestQuorum[index] = byCount && byWeight ? 1 : 0;
    this.tape.quorumLost[index] = byCount || byWeight ? 0 : 1;
    this.tape.majorityLagMs[index] = majorityLag(honest, weight);
    VENUES.forEach((venue, column) => {
      (this.tape.venues[column] as Float64Array)[index] = this.usdOf(this.said.get(venue), at);
    });
  }

  private usdOf(said: MarketQuote | undefined, at: EpochMs): number {
    if (said?.bid === undefined || said.ask === undefined) return NaN;
    const usd = said.quote === 'USD' ? 1 : this.market.reference.price(said.quote, 'USD', at);
    return (said.bid / 2 + said.ask / 2) * usd;
  }

  private keep(track: Track, index: number, answer: Answer, at: EpochMs): void {
    const { price = NaN, status, reasons = [], collateral } = answer;
    this.keepPrice(track, index, answer, track.rule, at);
    track.status[index] = status === 'ok' ? OK : status === 'degraded' ? DEGRADED : HALTED;
    track.flagged[index] = answer.isFlagged ? 1 : 0;
    track.reasons[index] = reasonMask(reasons);
    track.collateral[index] = collateral ?? price;
  }

  private keepPrice(track: PriceTrack, index: number, answer: Answer, rule: string, at: EpochMs): void {
    const { price, band, permitsLiquidation } = answer;
    track.price[index] = price === undefined ? NaN : this.finite(price, rule, at);
    track.low[index] = band === undefined ? NaN : this.finite(band.low, `the band of ${rule}`, at);
    track.high[index] = band === undefined ? NaN : this.finite(band.high, `the band of ${rule}`, at);
    track.permits[index] = permitsLiquidation ? 1 : 0;
  }

  private finite(value: number, whose: string, at: EpochMs): number {
    if (Number.isFinite(value)) return value;
    throw new RangeError(
      `${whose} is ${value} at cut ${cutNumberAt(at)}, ${at - this.startAt} ms into ${this.scenario.name}; ` +
        'a run with a figure that is not finite proves nothing and stops',
    );
  }
}

function repeatLast({ price, low, high, permits }: PriceTrack, index: number): void {
  for (const values of [price, low, high, permits]) values[index] = values[index - 1] as number;
}

/** The age of the truth that more than half of the weight shows, or a later one. */
function majorityLag(honest: readonly { readonly weight: number; readonly lagMs: number }[], total: number): number {
  let reached = 0;
  for (const { weight, lagMs } of honest.toSorted((a, b) => a.lagMs - b.lagMs)) {
    reached += weight;
    if (reached * 2 > total) return lagMs;
  }
  return 0;
}
