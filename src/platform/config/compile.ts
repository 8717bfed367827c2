import { createHash } from 'node:crypto';
import type { CutPolicy, OraclePlan, SourcePlan } from '../../oracle/plan';
import { anchorPlans, readerSources, readerUpstreams, redemptionPlans } from './compile-readers';
import type { ChainConfiguration } from './configuration';
import type { ProvenFeed } from './prove-feeds';
import type { Groups } from './prove-groups';
import { legOf } from './prove-legs';

/** What was found free of faults. */
export interface ProvenConfiguration {
  readonly network: string;
  readonly cuts: CutPolicy;
  readonly feeds: readonly ProvenFeed[];
  readonly chains: readonly ChainConfiguration[];
  readonly groups: Groups;
}

/** The plan: every name becomes its index. */
export function compile({ network, cuts, feeds, chains, groups }: ProvenConfiguration): OraclePlan {
  const implied = feeds.flatMap(({ implied: index }, feed) => (index === undefined ? [] : [{ ...index, feed }]));
  const feedIndex = new Map(feeds.map(({ row }, i) => [row.id, i]));
  const sourcesOf = ({ sources, anchors }: ProvenFeed) => [...sources, ...anchors];
  const venueUpstreams = feeds.flatMap((feed) => sourcesOf(feed).map(({ upstream }) => upstream));
  const upstreams = [...new Set([...venueUpstreams, ...readerUpstreams(chains)])].sort();
  const feedOf = (id: string): number => indexOf(feedIndex, id);
  const upstreamOf = (name: string): number => upstreams.indexOf(name);
  return {
    network,
    cuts,
    feeds: feeds.map(({ row, policy }) => {
      const [symbol, quote] = row.id.split('/') as [string, string];
      return { id: row.id, asset: { symbol, version: row.assetVersion }, quote, decimals: row.decimals, policy };
    }),
    sources: [
      ...feeds.flatMap((proven, feed) =>
        sourcesOf(proven).map(({ quote, upstream, ...source }): SourcePlan => {
          const leg = legOf(proven.row.id, quote);
          return {
            ...source,
            feed,
            upstream: upstreams.indexOf(upstream),
            ...(leg === undefined ? {} : { leg: indexOf(feedIndex, leg) }),
          };
        }),
      ),
      ...readerSources(chains, feedOf, upstreamOf),
    ],
    upstreams,
    anchors: anchorPlans(chains, feedOf, upstreamOf),
    redemptions: redemptionPlans(chains, feedOf),
    ...(implied.length === 0 ? {} : { implied }),
    groups: Object.entries(groups).map(([name, ids]) => ({ name, feeds: ids.map((id) => indexOf(feedIndex, id)) })),
  };
}

/** `sha256:` and the digest of the plan's canonical JSON: keys sorted, no space, numbers as ECMAScript writes them. */
export function configHash(plan: OraclePlan): string {
  return `sha256:${createHash('sha256').update(canonicalJson(plan)).digest('hex')}`;
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function indexOf(feeds: ReadonlyMap<string, number>, id: string): number {
  const index = feeds.get(id);
  if (index === undefined) throw new Error(`${id} is no feed; a plan is compiled only from what was proved`);
  return index;
}
