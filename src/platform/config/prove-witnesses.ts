import type { OraclePlan } from '../../oracle/plan';
import type { ConfigFile } from './config-file';

/** Every feed that asks for witnesses can have them, from venues and chains together. */
export function proveWitnesses(file: ConfigFile, { feeds, sources, anchors }: OraclePlan): void {
  const ofVenues = sources.filter(({ anchor }) => anchor !== undefined);
  for (const [i, { id, policy }] of feeds.entries()) {
    const witnesses = [...ofVenues, ...anchors].filter(({ feed }) => feed === i);
    const upstreams = new Set(witnesses.map(({ upstream }) => upstream)).size;
    if (upstreams >= policy.minAnchors) continue;
    file.fault('quorumOutOfReach', ['feeds', i], {
      what: `${id} can never be witnessed as it asks: its anchors are of too few independent upstreams`,
      value: upstreams,
      limit: `minAnchors, ${policy.minAnchors}`,
      wayOut: 'add anchors of other upstreams, here or in chains.yaml, or lower minAnchors',
    });
  }
}
