import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { ChainsService } from '../inbound/chains.service';
import type { VenuesService } from '../inbound/venues.service';
import type { QuorumRuntime } from '../runtime/quorum/quorum.module';

/**
 * The order in which the rooms of a quorum's process open and close: the own oracle before its sources, then the peers;
 * and the peers first when it ends, so that nothing is said while the sources go.
 */
export class QuorumMemberService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly runtime: QuorumRuntime,
    private readonly sources: readonly (VenuesService | ChainsService)[],
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.runtime.turn?.start();
    for (const source of this.sources) source.start();
    await this.runtime.quorum.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.runtime.quorum.stop();
    for (const source of this.sources) source.stop();
    this.runtime.turn?.stop();
    await this.runtime.outbox.settled();
  }
}
