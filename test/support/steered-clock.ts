import type { CancelTimer, Clock, Timers } from '../../src/platform/clock/clock';
import type { EpochMs } from '../../src/oracle/units/time';

interface Armed {
  readonly dueAt: EpochMs;
  readonly fire: () => void;
}

/** Time that stands still until a test moves it: the fake of both ports in `platform/clock`. */
export class SteeredClock implements Clock, Timers {
  /** In the order of arming, which decides between timers of one instant. */
  private readonly armed = new Set<Armed>();

  constructor(private at: EpochMs = 1_700_000_000_000) {}

  now(): EpochMs {
    return this.at;
  }

  arm(delayMs: number, fire: () => void): CancelTimer {
    const timer = { dueAt: this.at + Math.max(0, delayMs), fire };
    this.armed.add(timer);
    return () => {
      this.armed.delete(timer);
    };
  }

  /** Timers that have neither fired nor been cancelled. */
  get pending(): number {
    return this.armed.size;
  }

  /** When the next timer is due. */
  get nextDueAt(): EpochMs | undefined {
    return this.next()?.dueAt;
  }

  /**
   * Moves time on, firing each timer at its own instant, those armed on the way included. Between two timers, promises
   * settle and a turn of the event loop passes, so that what a timer began can arm the next one.
   */
  async advance(ms: number): Promise<void> {
    if (ms < 0) throw new RangeError(`a clock never goes back; ${ms} ms is below 0`);
    const until = this.at + ms;
    await turn();
    for (let due = this.next(); due !== undefined && due.dueAt <= until; due = this.next()) {
      this.armed.delete(due);
      this.at = Math.max(this.at, due.dueAt);
      due.fire();
      await turn();
    }
    this.at = Math.max(this.at, until);
  }

  /** Moves time on without firing anything: a machine that slept, a timer that is late. */
  jump(ms: number): void {
    if (ms < 0) throw new RangeError(`a clock never goes back; ${ms} ms is below 0`);
    this.at += ms;
  }

  private next(): Armed | undefined {
    let next: Armed | undefined;
    for (const timer of this.armed) if (next === undefined || timer.dueAt < next.dueAt) next = timer;
    return next;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
