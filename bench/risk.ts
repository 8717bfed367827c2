import type { Report } from '../src/oracle/report';
import { RiskPast } from '../src/oracle/risk-past';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../src/oracle/units/time';
import { planOf } from '../test/support/plans';
import { longPast, Walk } from './long-past';
import { interleave, median, spread, timed, type Row, type Work } from './paired';

const FEEDS = 100;
const DECIMALS = 2;
const STARTED_AT = 496_944 * HOUR_MS;
const ROUNDS = 5;
const TURNS = 5;
const SECONDS = MINUTE_MS / SECOND_MS;
/** Ten steps of the risk grid, whose cuts carry the figures of all feeds. */
const WATCHED_SECONDS = 3_000;
/** What an observation adds to the risk of a feed against its logarithm alone, and how even the seconds are. */
export function riskCost(): Row[] {
  const market = new RiskMarket();
  const logs = new Float64Array(FEEDS * SECONDS);
  const own: Work = {
    prepare: () => undefined,
    run: () => {
      for (let second = 0; second < SECONDS; second++) market.pass();
    },
  };
  const limit: Work = {
    prepare: () => undefined,
    run: () => {
      for (let place = 0; place < logs.length; place++) logs[place] = Math.log(market.priceOf(place % FEEDS));
    },
  };
  const rounds = interleave([own, limit], ROUNDS, TURNS);
  const micros = (work: number): number => (1_000 * median(rounds.map((times) => times[work] ?? NaN))) / logs.length;
  const seconds = Array.from({ length: WATCHED_SECONDS }, () =>
    timed(() => {
      market.pass();
    }),
  ).sort((a, b) => a - b);
  const mean = seconds.reduce((sum, ms) => sum + ms, 0) / seconds.length;
  const at = (share: number): number => seconds[Math.floor(share * (seconds.length - 1))] ?? NaN;
  const evenness = (what: string, ms: number): Row => ({
    bench: 'risk',
    what: `${what} second of ${FEEDS} feeds, against the mean`,
    ratio: spread([ms / mean]),
    micros: 1_000 * ms,
    limitMicros: 1_000 * mean,
  });
  return [
    {
      bench: 'risk',
      what: 'one second of one feed, against its logarithm',
      ratio: spread(rounds.map(([ms = NaN, limitMs = NaN]) => ms / limitMs)),
      micros: micros(0),
      limitMicros: micros(1),
    },
    evenness('p99', at(0.99)),
    evenness('the slowest', at(1)),
  ];
}

/** Many feeds with a long past, whose price moves every second. */
class RiskMarket {
  private readonly past: RiskPast;
  private readonly reports: Report[];
  private readonly prices = new Float64Array(FEEDS).fill(100);
  private at = STARTED_AT;
  private readonly walk = new Walk();

  constructor() {
    const plan = planOf(
      Object.fromEntries(Array.from({ length: FEEDS }, (_, feed) => [`A${feed}/USD`, { sources: {} }])),
    );
    this.past = new RiskPast(plan.feeds);
    const { price, ...state } = longPast(this.walk, STARTED_AT, DECIMALS);
    this.prices.fill(price);
    this.past.restore({
      reachedAt: NaN,
      dueSince: -Infinity,
      feeds: Object.fromEntries(plan.feeds.map(({ id }) => [`${id} v1`, state])),
    });
    this.reports = plan.feeds.map((_, feed) => reportOf(feed, 100));
  }

  priceOf(feed: number): number {
    return this.prices[feed] ?? NaN;
  }

  /** A second in which every feed says another price, and risk is published where it is due. */
  pass(): void {
    this.at += SECOND_MS;
    for (let feed = 0; feed < FEEDS; feed++) this.prices[feed] = this.walk.move(this.priceOf(feed));
    for (const [feed, price] of this.prices.entries()) {
      (this.reports[feed]?.prices as { price: number }).price = Math.round(price * 100);
    }
    const risk = this.past.isDue ? this.past.figures(this.at / 10) : undefined;
    this.past.elapse(this.at);
    this.past.absorb({ at: this.at, reports: this.reports, ...(risk === undefined ? {} : { risk }) });
  }
}

function reportOf(feed: number, price: number): Report {
  return {
    feed,
    sequence: 1,
    cut: 1,
    observedAt: STARTED_AT,
    status: 'ok',
    reasons: [],
    permits: [],
    prices: { price, low: price, high: price, collateral: price, liability: price },
    sources: { used: 4, upstreams: 4 },
    dispersionBps: 1,
  };
}
