import { SAMPLE_MS, type Tape, type Track } from '../run/tape';

const ACCOUNTS_A_SIDE = 500;
const MIN_BUFFER_BPS = 10;
const MAX_BUFFER_BPS = 2_000;
/** Between the breach that permits liquidation and the loss of all margin. */
const MAINTENANCE_BPS = 200;
const CONFIRMED_WITHIN_SAMPLES = 5_000 / SAMPLE_MS;
/** So that the truth of 5 s before each liquidation is known. */
const OPENED_AT_SAMPLE = CONFIRMED_WITHIN_SAMPLES;

export interface Liquidations {
  /** Accounts of 1,000 that were liquidated by a breach that the truth did not show within 5 s before or after. */
  readonly wrongful: number;
  /** Those of them whose price said of itself that nothing was amiss. */
  readonly wrongfulUnflagged: number;
  /** Losses beyond the margin at the true price, over all accounts' value, in basis points. */
  readonly badDebtBps: number;
}

/** Buffers in basis points, log-uniform from 10 to 2,000. */
export const BUFFERS_BPS: readonly number[] = Array.from(
  { length: ACCOUNTS_A_SIDE },
  (_, index) => MIN_BUFFER_BPS * (MAX_BUFFER_BPS / MIN_BUFFER_BPS) ** ((index + 0.5) / ACCOUNTS_A_SIDE),
);

/**
 * A thousand accounts of one coin and equal value, half long and half short, opened at the true price 5 s after the start.
 * One is liquidated when its breach survives at the account-favourable edge of the band (of a rule without one, at the
 * price) and the rule permits it. A breach within the noise floor of the truth's own is no wrong.
 */
export function liquidate(tape: Tape, track: Track, noiseFloorBps: number): Liquidations {
  const sides = [new Side(1, tape, track, noiseFloorBps), new Side(-1, tape, track, noiseFloorBps)];
  for (let index = OPENED_AT_SAMPLE; index < tape.count; index++) for (const side of sides) side.pass(index);
  for (const side of sides) side.settle();
  const sum = (of: (side: Side) => number): number => sides.reduce((total, side) => total + of(side), 0);
  return {
    wrongful: sum(({ wrongful }) => wrongful),
    wrongfulUnflagged: sum(({ wrongfulUnflagged }) => wrongfulUnflagged),
    badDebtBps: sum(({ lossBps }) => lossBps) / (2 * ACCOUNTS_A_SIDE),
  };
}

/** The longs (sign 1) or the shorts (−1): those with smaller buffers go first, so one place in the list says who is left. */
class Side {
  wrongful = 0;
  wrongfulUnflagged = 0;
  lossBps = 0;
  private next = 0;
  private readonly opened: number;

  constructor(
    private readonly sign: 1 | -1,
    private readonly tape: Tape,
    private readonly track: Track,
    private readonly noiseFloorBps: number,
  ) {
    this.opened = tape.truth[OPENED_AT_SAMPLE] as number;
  }

  pass(index: number): void {
    const { track } = this;
    if (track.permits[index] !== 1) return;
    const favourable = (this.sign === 1 ? track.high[index] : track.low[index]) as number;
    const adverse = this.adverseBps(Number.isNaN(favourable) ? (track.price[index] as number) : favourable);
    let worst: number | undefined;
    for (
      let buffer = BUFFERS_BPS[this.next];
      buffer !== undefined && adverse >= buffer;
      buffer = BUFFERS_BPS[this.next]
    ) {
      worst ??= this.worstNear(index);
      if (worst < buffer - this.noiseFloorBps) {
        this.wrongful += 1;
        if (track.flagged[index] === 0) this.wrongfulUnflagged += 1;
      }
      this.lose(index, buffer);
      this.next += 1;
    }
  }

  /** Whoever should have been liquidated and never was loses at the last true price. */
  settle(): void {
    for (; this.next < BUFFERS_BPS.length; this.next++) {
      this.lose(this.tape.count - 1, BUFFERS_BPS[this.next] as number);
    }
  }

  private lose(index: number, buffer: number): void {
    this.lossBps += Math.max(0, this.adverseBps(this.tape.truth[index] as number) - buffer - MAINTENANCE_BPS);
  }

  private worstNear(index: number): number {
    let worst = -Infinity;
    const last = Math.min(this.tape.count - 1, index + CONFIRMED_WITHIN_SAMPLES);
    for (let near = Math.max(0, index - CONFIRMED_WITHIN_SAMPLES); near <= last; near++) {
      worst = Math.max(worst, this.adverseBps(this.tape.truth[near] as number));
    }
    return worst;
  }

  private adverseBps(price: number): number {
    return (this.sign * (this.opened - price) * 10_000) / this.opened;
  }
}
