import { DAY_MS, type EpochMs } from '../../oracle/units/time';

/** What a restart needs: gas used on one day, counted from the epoch. */
export interface GasDay {
  readonly day: number;
  readonly gas: number;
}

/** How much gas an account has used today, by UTC. */
export class GasBook {
  constructor(
    private readonly maxPerDay: number,
    private today: GasDay = { day: 0, gas: 0 },
  ) {}

  /** Counts what a mined transaction used, whether it succeeded or not. */
  spend(gas: number, now: EpochMs): void {
    this.today = { day: dayOf(now), gas: this.usedOn(now) + gas };
  }

  usedOn(now: EpochMs): number {
    return this.today.day === dayOf(now) ? this.today.gas : 0;
  }

  left(now: EpochMs): number {
    return Math.max(0, this.maxPerDay - this.usedOn(now));
  }

  state(): GasDay {
    return this.today;
  }
}

function dayOf(now: EpochMs): number {
  return Math.floor(now / DAY_MS);
}
