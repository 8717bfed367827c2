import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

/** How late the event loop was at worst since the last look, in milliseconds; the first look covers since the start. */
export class EventLoopLag {
  private readonly delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.delays.enable();
  }

  worstMs(): number {
    const delayMs = this.delays.count === 0 ? 0 : this.delays.max / NS_PER_MS;
    this.delays.reset();
    return Math.max(0, delayMs - RESOLUTION_MS);
  }

  stop(): void {
    this.delays.disable();
  }
}
