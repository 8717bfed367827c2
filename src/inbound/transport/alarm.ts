import type { CancelTimer, Timers } from '../../platform/clock/clock';

/** One timer for one purpose: setting it again replaces what was set. */
export class Alarm {
  private disarm: CancelTimer | undefined;

  constructor(
    private readonly timers: Timers,
    private readonly ring: () => void,
  ) {}

  get isSet(): boolean {
    return this.disarm !== undefined;
  }

  set(delayMs: number): void {
    this.cancel();
    this.disarm = this.timers.arm(delayMs, () => {
      this.disarm = undefined;
      this.ring();
    });
  }

  cancel(): void {
    this.disarm?.();
    this.disarm = undefined;
  }
}
