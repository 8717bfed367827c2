import { cutNumberAt, type EpochMs } from '../../oracle/units/time';
import type { Configuration } from '../../platform/config/configuration';
import type { Scenario } from '../attacks/scenario';
import type { Truth } from '../market/truth';
import { makeRule } from '../rules/all-rules';
import type { Answer, Rule } from '../rules/rule';
import type { Arrival, MarketQuote } from './market-quote';
import { SimulatedMarket } from './simulated-market';
import { DEGRADED, HALTED, newTrack, OK, SAMPLE_MS, type Run, type Tape, type Track } from './tape';
import { PROFILES, VENUES, type VenueName } from './venues';

/** Rules are asked between two milliseconds, so that no quote ever shares its instant with a question. */
const BETWEEN_MS = 0.5;
/** A venue that said nothing for this long is not fresh. */
const FRESH_MS = 2_000;

export interface RunOptions {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly truth: Truth;
  readonly startAt: EpochMs;
  readonly rules: readonly string[];
  readonly configuration: Configuration;
}

/** Lets every rule hear the same arrivals and asks each at the same instants. */
export function runScenario({ scenario, seed, truth, startAt, rules, configuration }: RunOptions): Run {
  const market = new SimulatedMarket({ scenario, seed, truth, startAt });
  const base = scenario.judged === 'USDT/USD' ? 'USDT' : 'BTC';
  const candidates = rules.map((name) => makeRule(name, base, configuration));
  for (const quote of market.history()) for (const rule of candidates) rule.remember?.(quote);

  const recorder = new Recorder(market, base, scenario, startAt, candidates);
  for (const arrival of market.arrivals()) {
    recorder.sampleUntil(arrival.at);
    for (const rule of candidates) rule.observe(arrival);
    recorder.note(arrival);
  }
  recorder.sampleUntil(Infinity);
  const { captured, name } = scenario;
  return { scenario: name, seed, captured, tape: recorder.tape, tracks: recorder.tracks };
}

class Recorder {
  readonly tape: Tape;
  readonly tracks: readonly Track[];
  private sample = 0;
  private readonly said = new Map<VenueName, MarketQuote>();
  private readonly shown = new Map<VenueName, { readonly at: EpochMs; readonly instant: EpochMs }>();

  constructor(
    private readonly market: SimulatedMarket,
    private readonly base: 'BTC' | 'USDT',
    private readonly scenario: Scenario,
    private readonly startAt: EpochMs,
    private readonly rules: readonly Rule[],
  ) {
    const count = Math.floor(scenario.durationMs / SAMPLE_MS);
    this.tape = {
      startAt,
      count,
      at: Float64Array.from({ length: count }, (_, index) => startAt + index * SAMPLE_MS + BETWEEN_MS),
      truth: new Float64Array(count),
      majorityLagMs: new Float64Array(count),
      honestQuorum: new Uint8Array(count),
      quorumLost: new Uint8Array(count),
      venues: VENUES.map(() => new Float64Array(count)),
    };
    this.tracks = rules.map(({ name }) => newTrack(name, count));
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
    if (quote?.base !== this.base) return;
    this.said.set(quote.venue, quote);
    if (shows !== undefined) this.shown.set(quote.venue, { at, instant: shows });
  }

  private take(index: number, at: EpochMs): void {
    const { tape, base } = this;
    tape.truth[index] = this.finite(this.market.reference.price(base, 'USD', at), 'the truth', at);
    this.takeVenues(index, at);
    this.rules.forEach((rule, position) => {
      this.keep(this.tracks[position] as Track, index, rule.price(at), at);
    });
  }

  private takeVenues(index: number, at: EpochMs): void {
    const listed = VENUES.filter((venue) => this.base === 'BTC' || PROFILES[venue].hasUsdt);
    const total = listed.reduce((sum, venue) => sum + PROFILES[venue].weight, 0);
    const honest = listed.flatMap((venue) => {
      const shown = this.shown.get(venue);
      const isFresh = shown !== undefined && at - shown.at < FRESH_MS && this.market.isHonest(venue, this.base, at);
      return isFresh ? [{ weight: PROFILES[venue].weight, lagMs: at - shown.instant }] : [];
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
    const usd = said.quote === 'USD' ? 1 : this.market.reference.price('USDT', 'USD', at);
    return (said.bid / 2 + said.ask / 2) * usd;
  }

  private keep(track: Track, index: number, answer: Answer, at: EpochMs): void {
    const { price, band, status } = answer;
    track.price[index] = price === undefined ? NaN : this.finite(price, track.rule, at);
    track.low[index] = band === undefined ? NaN : this.finite(band.low, `the band of ${track.rule}`, at);
    track.high[index] = band === undefined ? NaN : this.finite(band.high, `the band of ${track.rule}`, at);
    track.status[index] = status === 'ok' ? OK : status === 'degraded' ? DEGRADED : HALTED;
    track.permits[index] = answer.permitsLiquidation ? 1 : 0;
    track.flagged[index] = answer.isFlagged ? 1 : 0;
  }

  private finite(value: number, whose: string, at: EpochMs): number {
    if (Number.isFinite(value)) return value;
    throw new RangeError(
      `${whose} is ${value} at cut ${cutNumberAt(at)}, ${at - this.startAt} ms into ${this.scenario.name}; ` +
        'a run with a figure that is not finite proves nothing and stops',
    );
  }
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
