import type { ConfigFile } from './config-file';
import type { FeedRow } from './schema';

/** The feed that turns a quote currency into the feed's own; undefined for a native source. */
export function legOf(feedId: string, quote: string): string | undefined {
  const own = feedId.slice(feedId.indexOf('/') + 1);
  return quote === own ? undefined : `${quote}/${own}`;
}

/**
 * Every quote currency has its leg, and no leg leads back to itself. `rows` stand at their places in the file, with
 * undefined for those that have faults of their own; `ids` are all that are written.
 */
export function proveLegs(file: ConfigFile, rows: readonly (FeedRow | undefined)[], ids: ReadonlySet<string>): void {
  const legs = new Map<string, readonly string[]>();
  for (const [i, feed] of rows.entries()) {
    if (feed === undefined) continue;
    const quotes = (['sources', 'anchors'] as const).flatMap((role) =>
      Object.keys(feed[role]).map((quote) => [role, quote] as const),
    );
    const needed = quotes.flatMap(([role, quote]) => {
      const leg = legOf(feed.id, quote);
      if (leg !== undefined && !ids.has(leg)) {
        file.fault('missingLeg', ['feeds', i, role, quote], {
          what: `${feed.id} has ${role} in ${quote}, and no feed ${leg} to convert them`,
          wayOut: `add the feed ${leg}, or remove these ${role}`,
        });
      }
      return leg === undefined ? [] : [leg];
    });
    legs.set(feed.id, needed);
  }
  proveAcyclic(file, rows, legs);
}

function proveAcyclic(
  file: ConfigFile,
  rows: readonly (FeedRow | undefined)[],
  legs: ReadonlyMap<string, readonly string[]>,
): void {
  const done = new Set<string>();

  const visit = (id: string, above: readonly string[]): void => {
    const start = above.indexOf(id);
    if (start >= 0) {
      const cycle = [...above.slice(start), id];
      const closing = above.at(-1);
      const at = rows.findIndex((row) => row?.id === closing);
      file.fault('legCycle', ['feeds', at, 'sources'], {
        what: `legs lead back to themselves: ${cycle.join(' → ')}`,
        wayOut: 'remove the sources of one of these feeds that need the next one',
      });
      return;
    }
    if (done.has(id)) return;
    for (const leg of legs.get(id) ?? []) visit(leg, [...above, id]);
    done.add(id);
  };

  for (const id of legs.keys()) visit(id, []);
}
