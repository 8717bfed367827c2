import type { AnchorPlan, RedemptionPlan, SourcePlan } from '../../oracle/plan';
import { SECOND_MS } from '../../oracle/units/time';
import type { ChainConfiguration, ReaderConfiguration } from './configuration';
import { isRedemption } from './prove-chains';
import { legOf } from './prove-legs';

/** Blocks may be stamped ahead of our clock: the readers refuse what is further ahead. */
const MAX_FUTURE_MS = 30 * SECOND_MS;

type IndexOf = (name: string) => number;

/** Who could be wrong alone among the readers of chains: all of one kind. */
export function readerUpstreams(chains: readonly ChainConfiguration[]): string[] {
  return readersOf(chains).flatMap((reader) => (isRedemption(reader) ? [] : [reader.kind]));
}

/** Chainlink feeds that may flag a feed and have no vote. */
export function anchorPlans(chains: readonly ChainConfiguration[], feed: IndexOf, upstream: IndexOf): AnchorPlan[] {
  return readersOf(chains).flatMap((reader) => {
    if (reader.kind !== 'chainlink' || reader.maxDeviationBps === undefined) return [];
    const { id, maxAgeMs, maxDeviationBps } = reader;
    return [{ id, feed: feed(reader.feed), upstream: upstream(reader.kind), maxAgeMs, maxDeviationBps }];
  });
}

/** Readers that speak as venues do: Chainlink feeds with a vote, and pools, which need a leg and have none. */
export function readerSources(chains: readonly ChainConfiguration[], feed: IndexOf, upstream: IndexOf): SourcePlan[] {
  return readersOf(chains).flatMap((reader): SourcePlan[] => {
    if (isRedemption(reader)) return [];
    const source = {
      id: reader.id,
      venue: reader.kind,
      instrument: reader.feed,
      feed: feed(reader.feed),
      upstream: upstream(reader.kind),
      multiplier: 1,
      maxAgeMs: reader.maxAgeMs,
      maxFutureMs: MAX_FUTURE_MS,
    };
    if (reader.kind === 'chainlink') return reader.weight === undefined ? [] : [{ ...source, weight: reader.weight }];
    const leg = legOf(reader.feed, reader.quote);
    const anchor = { maxDeviationBps: reader.maxDeviationBps };
    return [{ ...source, weight: 1, anchor, ...(leg === undefined ? {} : { leg: feed(leg) }) }];
  });
}

export function redemptionPlans(chains: readonly ChainConfiguration[], feed: IndexOf): RedemptionPlan[] {
  return readersOf(chains)
    .filter(isRedemption)
    .map(({ id, nominalRate, maxGrowthPerYear, maxFall, maxAgeMs, maxPegGapBps, ...names }) => ({
      id,
      feed: feed(names.feed),
      underlying: feed(names.underlying),
      nominalRate,
      maxGrowthPerYear,
      maxFall,
      maxAgeMs,
      maxPegGapBps,
    }));
}

function readersOf(chains: readonly ChainConfiguration[]): ReaderConfiguration[] {
  return chains.flatMap(({ readers }) => readers);
}
