import type { PairMoments } from './pair-moments';

/** Fewer moves of a feed, or steps of a pair, are no basis: five hours, of which a correlation of zero is known to 0.13. */
export const MIN_OBSERVATIONS = 60;

/**
 * The feeds of which all pairs have a basis, best observed first. While some pair has none, the feed with the most of
 * those leaves; of equals the one that is observed worst.
 */
export function membersOf(moments: PairMoments, feeds: number): number[] {
  const candidates = Array.from({ length: feeds }, (_, feed) => feed).filter(
    (feed) => (moments.moves[feed] as number) >= MIN_OBSERVATIONS,
  );
  const ranked = candidates.sort(
    (a, b) =>
      (moments.moves[b] as number) - (moments.moves[a] as number) ||
      moments.varianceOf(b) - moments.varianceOf(a) ||
      a - b,
  );
  const isMissing = (one: number, other: number): boolean => moments.weight(one, other) < MIN_OBSERVATIONS;
  const missing = new Map(ranked.map((feed) => [feed, ranked.filter((other) => isMissing(feed, other)).length]));
  for (;;) {
    const most = Math.max(0, ...missing.values());
    if (most === 0) return [...missing.keys()];
    const leaving = [...missing].findLast(([, count]) => count === most)?.[0] ?? NaN;
    missing.delete(leaving);
    for (const [feed, count] of missing) if (isMissing(feed, leaving)) missing.set(feed, count - 1);
  }
}
