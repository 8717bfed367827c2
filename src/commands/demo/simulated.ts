import type { AssetOverrides } from '../../lab/market/assets';
import type { Market, MarketOptions } from '../../lab/market/market';
import type { Clock, Timers } from '../../platform/clock/clock';
import type { ChainConfiguration, Configuration } from '../../platform/config/configuration';
import type { OraclePlan, SourcePlan } from '../../oracle/plan';

/** The currency a source quotes in: its leg's asset, or the feed's own quote where it needs no leg. */
function quoteCurrency(plan: OraclePlan, { feed, leg }: SourcePlan): string {
  return leg === undefined ? (plan.feeds[feed]?.quote ?? '') : (plan.feeds[leg]?.asset.symbol ?? '');
}

/** The market that a configuration listens to: every instrument and index it names, and every anchor of its chains. */
export function marketOptions(
  { plan, venues, chains }: Configuration,
  options: { readonly seed: number; readonly clock: Clock; readonly timers: Timers },
): MarketOptions {
  const names = new Set(venues.map(({ name }) => name));
  const ofVenues = plan.sources.filter(({ venue }) => names.has(venue));
  const instruments = ofVenues.map((source) => ({
    venue: source.venue,
    instrument: source.instrument,
    base: plan.feeds[source.feed]?.asset.symbol ?? '',
    quote: quoteCurrency(plan, source),
    multiplier: source.multiplier,
  }));
  const indices = (plan.implied ?? []).map(({ venue, instrument, feed }) => {
    return { venue, instrument, base: plan.feeds[feed]?.asset.symbol ?? '', quote: plan.feeds[feed]?.quote ?? '' };
  });
  const aggregators = chains.flatMap(({ readers }) =>
    readers.flatMap((reader) => {
      if (reader.kind !== 'chainlink') return [];
      const { address, decimals, feed, thresholdBps, heartbeatMs } = reader;
      const [base = '', quote = ''] = feed.split('/');
      return [{ address, decimals, base, quote, deviationBps: thresholdBps, heartbeatMs }];
    }),
  );
  return { ...options, instruments: [...instruments, ...indices], aggregators, assets: NO_OVERRIDES };
}

const NO_OVERRIDES: AssetOverrides = {};

/** The same configuration, listening to the simulated market. Endpoints stand outside the hash, so that stays. */
export function pointedAt(configuration: Configuration, market: Market): Configuration {
  const endpoints: Readonly<Record<string, string | undefined>> = market.endpoints;
  const venues = configuration.venues.map((venue) => ({ ...venue, endpoint: endpoints[venue.name] }));
  const chains = configuration.chains.map((chain): ChainConfiguration => ({ ...chain, pollMs: 1_000 }));
  return { ...configuration, venues, chains };
}

/** An environment in which every configured chain is the simulated node. */
export function environmentFor(configuration: Configuration, market: Market): NodeJS.ProcessEnv {
  const rpcUrls = configuration.chains.map(({ rpcUrlEnv }) => [rpcUrlEnv, market.rpcUrl] as const);
  return { ...process.env, ...Object.fromEntries(rpcUrls) };
}
