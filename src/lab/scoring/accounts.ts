import { SECOND_MS, YEAR_MS } from '../../oracle/units/time';
import { SAMPLE_MS, type PriceTrack, type Tape, type Track } from '../run/tape';

/** Of each side with each number of holdings. */
const ACCOUNTS_A_GROUP = 125;
const SIDES = [1, -1] as const;
const ACCOUNTS_OF_FOUR_HOLDINGS = 1_000;
const MIN_BUFFER_BPS = 10;
const MAX_BUFFER_BPS = 2_000;
/** Between the breach that permits liquidation and the loss of all margin. */
const MAINTENANCE_BPS = 200;
const CONFIRMED_WITHIN_SAMPLES = (5 * SECOND_MS) / SAMPLE_MS;
/** So that the truth of 5 s before each liquidation is known. */
const OPENED_AT_SAMPLE = CONFIRMED_WITHIN_SAMPLES;
/** By which an edge that may not be acted on widens as it ages: 99 in 100 at 80 % a year. */
const WIDENING_PER_ROOT_MS = (2.58 * 0.8) / Math.sqrt(YEAR_MS);

export interface Liquidations {
  /** Accounts of 1,000 that were liquidated by a breach that the truth did not show within 5 s before or after. */
  readonly wrongful: number;
  /** Those of them whose price said of itself that nothing was amiss. */
  readonly wrongfulUnflagged: number;
  /** Losses beyond the margin at the true prices, over all accounts' value, in basis points. */
  readonly badDebtBps: number;
}

/** Buffers in basis points, log-uniform from 10 to 2,000. */
export const BUFFERS_BPS: readonly number[] = Array.from(
  { length: ACCOUNTS_A_GROUP },
  (_, index) => MIN_BUFFER_BPS * (MAX_BUFFER_BPS / MIN_BUFFER_BPS) ** ((index + 0.5) / ACCOUNTS_A_GROUP),
);

/**
 * A thousand accounts of equal value, opened at the true prices 5 s after the start: half hold one to four assets in
 * equal parts against a debt in dollars, half owe them. One is liquidated when its breach survives at the
 * account-favourable edge of every band (of a rule without one, at the price) and one of its assets may be liquidated
 * by; an asset that may not counts by the last edge that might, widened with its age, if that favours the account.
 * A breach within the noise floors of the truth's own is no wrong.
 */
export function liquidate(tape: Tape, track: Track, noiseFloorsBps: readonly number[]): Liquidations {
  const groups = SIDES.flatMap((sign) => {
    const edges = tape.holdings.map(({ truth }, position) => {
      const own = track.holdings[position];
      if (own === undefined) throw new Error(`${track.rule} was not asked about holding ${position}; it must be`);
      return new Edge(sign, own, truth, noiseFloorsBps[position] ?? 0);
    });
    return edges.map((_, last) => new Group(sign, edges.slice(0, last + 1), tape, track));
  });
  for (let index = OPENED_AT_SAMPLE; index < tape.count; index++) for (const group of groups) group.pass(index);
  for (const group of groups) group.settle();
  const accounts = groups.length * ACCOUNTS_A_GROUP;
  const sum = (of: (group: Group) => number): number => groups.reduce((total, group) => total + of(group), 0);
  return {
    wrongful: (sum(({ wrongful }) => wrongful) * ACCOUNTS_OF_FOUR_HOLDINGS) / accounts,
    wrongfulUnflagged: (sum(({ wrongfulUnflagged }) => wrongfulUnflagged) * ACCOUNTS_OF_FOUR_HOLDINGS) / accounts,
    badDebtBps: sum(({ lossBps }) => lossBps) / accounts,
  };
}

/** What an asset counts for an account that is to be liquidated, as a share of its true price at the opening. */
class Edge {
  private readonly opened: number;
  private permitted = NaN;
  private permittedAt = 0;
  private reached = -1;
  private value = NaN;

  constructor(
    private readonly sign: 1 | -1,
    private readonly track: PriceTrack,
    readonly truth: Float64Array,
    readonly noiseFloorBps: number,
  ) {
    this.opened = truth[OPENED_AT_SAMPLE] as number;
  }

  permits(index: number): boolean {
    return this.track.permits[index] === 1;
  }

  trueShare(index: number): number {
    return (this.truth[index] as number) / this.opened;
  }

  /** NaN before there was an edge to act on. Samples in their order; the same one may be asked for again. */
  share(index: number): number {
    if (index > this.reached) this.value = this.read(index) / this.opened;
    this.reached = index;
    return this.value;
  }

  private read(index: number): number {
    const { sign, track } = this;
    const edge = (sign === 1 ? track.high[index] : track.low[index]) as number;
    const now = Number.isNaN(edge) ? (track.price[index] as number) : edge;
    if (this.permits(index)) {
      this.permitted = now;
      this.permittedAt = index;
      return now;
    }
    const age = (index - this.permittedAt) * SAMPLE_MS;
    const last = this.permitted * (1 + sign * WIDENING_PER_ROOT_MS * Math.sqrt(age));
    if (Number.isNaN(now)) return last;
    return sign === 1 ? Math.max(last, now) : Math.min(last, now);
  }
}

/** Accounts with the same holdings on one side: those with smaller buffers go first, so one place says who is left. */
class Group {
  wrongful = 0;
  wrongfulUnflagged = 0;
  lossBps = 0;
  private next = 0;
  private readonly noiseFloorBps: number;

  constructor(
    private readonly sign: 1 | -1,
    private readonly edges: readonly Edge[],
    private readonly tape: Tape,
    private readonly track: Track,
  ) {
    this.noiseFloorBps = edges.reduce((sum, edge) => sum + edge.noiseFloorBps, 0) / edges.length;
  }

  pass(index: number): void {
    const adverse = this.adverseBps((edge) => edge.share(index));
    if (!this.edges.some((edge) => edge.permits(index))) return;
    let worst: number | undefined;
    for (let buffer = this.buffer(); buffer !== undefined && adverse >= buffer; buffer = this.buffer()) {
      worst ??= this.worstNear(index);
      if (worst < buffer - this.noiseFloorBps) {
        this.wrongful += 1;
        if (this.track.flagged[index] === 0) this.wrongfulUnflagged += 1;
      }
      this.lose(index, buffer);
      this.next += 1;
    }
  }

  /** Whoever should have been liquidated and never was loses at the last true prices. */
  settle(): void {
    for (let buffer = this.buffer(); buffer !== undefined; buffer = this.buffer()) {
      this.lose(this.tape.count - 1, buffer);
      this.next += 1;
    }
  }

  private buffer(): number | undefined {
    return BUFFERS_BPS[this.next];
  }

  private lose(index: number, buffer: number): void {
    this.lossBps += Math.max(0, this.truthBps(index) - buffer - MAINTENANCE_BPS);
  }

  private worstNear(index: number): number {
    let worst = -Infinity;
    const last = Math.min(this.tape.count - 1, index + CONFIRMED_WITHIN_SAMPLES);
    for (let near = Math.max(0, index - CONFIRMED_WITHIN_SAMPLES); near <= last; near++) {
      worst = Math.max(worst, this.truthBps(near));
    }
    return worst;
  }

  private truthBps(index: number): number {
    return this.adverseBps((edge) => edge.trueShare(index));
  }

  private adverseBps(shareOf: (edge: Edge) => number): number {
    let sum = 0;
    for (const edge of this.edges) sum += shareOf(edge);
    return this.sign * (1 - sum / this.edges.length) * 10_000;
  }
}
