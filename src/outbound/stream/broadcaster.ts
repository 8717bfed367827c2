import type { EpochMs } from '../../oracle/units/time';
import type { Changes } from '../ledger/latest-view';
import type { PublishedText } from '../ledger/published-text';
import { updateMessage } from './messages';
import type { Groups } from './groups';

/**
 * Turns each folded cut into one message per group of equal subscriptions. Once per `heartbeatMs`, by the cuts' own
 * time, every group hears something that proves all of its feeds anew: a header expires, an unchanged price must not.
 */
export class Broadcaster {
  private refreshedAt: EpochMs = -Infinity;

  constructor(
    private readonly groups: Groups,
    private readonly text: PublishedText,
    private readonly heartbeatMs: number,
  ) {}

  broadcast(changes: Changes): void {
    const refresh = changes.at - this.refreshedAt >= this.heartbeatMs;
    if (refresh) this.refreshedAt = changes.at;
    const groups = refresh ? this.groups.all() : this.groups.concernedBy(changes);
    for (const { subscription, members } of groups) {
      const message = updateMessage(this.text, subscription, changes, refresh);
      for (const subscriber of members) subscriber.tell(message);
    }
  }
}
