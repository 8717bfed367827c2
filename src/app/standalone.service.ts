import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { ChainsService } from '../inbound/chains.service';
import type { VenuesService } from '../inbound/venues.service';
import type { LiveRuntime } from '../runtime/runtime.module';

/**
 * The order in which the rooms of one process open and close: the oracle before its sources, and the sources' last
 * word before the oracle stops, so that a recording ends with what the service itself still heard.
 */
export class StandaloneService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly runtime: LiveRuntime,
    private readonly venues: VenuesService,
    private readonly chains: ChainsService,
  ) {}

  onApplicationBootstrap(): void {
    this.runtime.turn.start();
    this.venues.start();
    this.chains.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.chains.stop();
    this.venues.stop();
    this.runtime.turn.stop();
    await this.runtime.settled();
  }
}
