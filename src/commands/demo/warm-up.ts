import type { Market } from '../../lab/market/market';
import { drive } from '../../oracle/drive';
import type { OracleInput } from '../../oracle/input';
import { Oracle } from '../../oracle/oracle';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, type EpochMs } from '../../oracle/units/time';
import { configHashBytes, type Configuration } from '../../platform/config/configuration';
import { stateToJson } from '../../runtime/state-json';
import { inventedHours } from './history';

/** Fills the longest TWAP window, and lets the first halt and its grace lie before it. */
const WARM_UP_MS = 62 * MINUTE_MS;
const STEP_MS = 2 * SECOND_MS;

/** Nobody sees the leaves of this past, and hashing them would take half of its time. */
const unhashed = (): Uint8Array => new Uint8Array(32);

/**
 * What a service would remember had it run on the simulated market until now: the same oracle over the same books,
 * one quote of each source every other second, which is half the work and leaves no gap. Before it lie days that are invented,
 * of which only risk knows: the tails of a day need some sixty.
 */
export function warmUp(configuration: Configuration, market: Market, until: EpochMs, days = 0): unknown {
  const { plan, service } = configuration;
  const options = { keccak: unhashed, configHash: configHashBytes(configuration), signerEpoch: service.signer.epoch };
  const oracle = new Oracle(plan, options);
  const impliedAt = (at: EpochMs): OracleInput[] =>
    (plan.implied ?? []).map(({ venue, instrument }, implied) => {
      const { last, eventAt } = market.quoteAt(venue, instrument, at);
      return { kind: 'implied', implied, volatility: last / 100, observedAt: eventAt };
    });
  const start = Math.ceil((until - WARM_UP_MS) / STEP_MS) * STEP_MS;
  const [hours, ends] = [(days * DAY_MS) / HOUR_MS, Math.floor(start / HOUR_MS)];
  for (const [feed, { asset, quote, policy }] of plan.feeds.entries()) {
    if (hours === 0) break;
    const price = market.truthOf(asset.symbol, quote, start);
    oracle.warmUp(feed, ends - hours, inventedHours(hours, price, policy.nominalVolatility, feed));
  }
  for (let at = start; at < until; at += STEP_MS) {
    const inputs = plan.sources.map(({ venue, instrument }, source): OracleInput => {
      const { bid, ask, bidSize, askSize, last } = market.quoteAt(venue, instrument, at);
      return {
        kind: 'quote',
        source,
        quote: { bid, ask, bidSize, askSize, last, eventAt: undefined, sequence: undefined },
      };
    });
    Array.from(drive(oracle, at, [...inputs, ...impliedAt(at)]));
  }
  return stateToJson({ oracle: oracle.state(), alerts: { pending: {}, firing: [] } });
}
