import { HOUR_MS, MINUTE_MS, SECOND_MS, type EpochMs } from '../../oracle/units/time';

/** One price feed of the simulated chain. */
export interface AggregatorOptions {
  /** Of the proxy contract, `0x…`, in any case. */
  readonly address: string;
  readonly base: string;
  readonly quote: string;
  /** Of the answer: 8 for prices in USD. */
  readonly decimals?: number;
  /** A round begins when the price has left the last answer by so much … */
  readonly deviationBps?: number;
  /** … or when the last answer is so old. */
  readonly heartbeatMs?: number;
}

export interface Round {
  /** Phase in the bits from 64 upwards, then a count, as AggregatorProxy gives it. */
  readonly roundId: bigint;
  readonly answer: bigint;
  /** In whole seconds of the epoch, as blocks tell time. */
  readonly startedAtS: number;
  readonly updatedAtS: number;
}

const PHASE = 1n << 64n;
/** Rounds before the simulation began. */
const EARLIER_ROUNDS = 5_000n;
/** What went unjudged for longer than the truth is kept is not judged any more. */
const JUDGED_BACK_MS = 60 * MINUTE_MS;
/** From the observation to the block that carries it. */
const INCLUSION_S = 12;

/**
 * The rounds of one Chainlink feed, by its two published rules (deviation and heartbeat:
 * https://docs.chain.link/data-feeds#components-of-a-data-feed), judged each second against the truth.
 */
export class ChainlinkRounds {
  readonly decimals: number;
  readonly description: string;
  private readonly deviation: number;
  private readonly heartbeatMs: number;
  private judgedAt: EpochMs;
  private observedAt: EpochMs;
  private price: number;
  private pending: Round;
  private visible: Round;

  constructor(
    options: AggregatorOptions,
    private readonly truthAt: (at: EpochMs) => number,
    since: EpochMs,
  ) {
    this.decimals = options.decimals ?? 8;
    this.description = `${options.base} / ${options.quote}`;
    this.deviation = (options.deviationBps ?? 50) / 10_000;
    this.heartbeatMs = options.heartbeatMs ?? HOUR_MS;
    this.judgedAt = Math.ceil(since / SECOND_MS) * SECOND_MS;
    this.observedAt = this.judgedAt;
    this.price = truthAt(this.judgedAt);
    this.pending = this.roundOf(PHASE + EARLIER_ROUNDS);
    this.visible = this.pending;
  }

  /** The latest round that a block of this instant knows; instants must not decrease. */
  latest(at: EpochMs): Round {
    this.judgedAt = Math.max(this.judgedAt, Math.floor((at - JUDGED_BACK_MS) / SECOND_MS) * SECOND_MS);
    while (this.judgedAt + SECOND_MS <= at) {
      this.judgedAt += SECOND_MS;
      if (this.pending.updatedAtS * SECOND_MS <= this.judgedAt) this.visible = this.pending;
      if (this.pending !== this.visible) continue;
      const price = this.truthAt(this.judgedAt);
      const isDue = this.judgedAt - this.observedAt >= this.heartbeatMs;
      if (!isDue && Math.abs(price / this.price - 1) < this.deviation) continue;
      this.price = price;
      this.observedAt = this.judgedAt;
      this.pending = this.roundOf(this.visible.roundId + 1n);
    }
    return this.visible;
  }

  private roundOf(roundId: bigint): Round {
    const startedAtS = this.observedAt / SECOND_MS;
    const answer = BigInt(Math.round(this.price * 10 ** this.decimals));
    return { roundId, answer, startedAtS, updatedAtS: startedAtS + INCLUSION_S };
  }
}
