import type { FeedPlan } from './plan';

/** Names a feed in a state: a migrated token has no past, and a feed added or removed disturbs no other. */
export function pastKey({ id, asset }: FeedPlan): string {
  return `${id} v${asset.version}`;
}
