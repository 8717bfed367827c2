import type { Configuration } from '../../platform/config/configuration';
import type { Scenario, Speaker } from '../attacks/scenario';
import { CHAIN_READERS, type ReaderName } from './venues';
import { READERS } from './witnesses';

/** Witnesses that a scenario needs and a configuration does not listen to: then it proves nothing of it. */
export function lackingWitnesses({ plan }: Configuration, { needs = [] }: Scenario): Speaker[] {
  const heard = new Set([...plan.anchors, ...plan.redemptions, ...plan.sources].map(({ id }) => id));
  const venues = new Set(plan.sources.map(({ venue }) => venue));
  return needs.filter((who) => (isReader(who) ? !heard.has(READERS[who].id) : !venues.has(who)));
}

function isReader(who: Speaker): who is ReaderName {
  return (CHAIN_READERS as readonly string[]).includes(who);
}
