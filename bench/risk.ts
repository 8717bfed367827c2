import type { Report } from '../src/oracle/report';
import { FeedRiskPast } from '../src/oracle/risk/feed-risk-past';
import { RiskPast } from '../src/oracle/risk-past';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../src/oracle/units/time';
import { planOf, policyOf } from '../test/support/plans';
import { interleave, median, spread, timed, type Row, type Work } from './paired';

const FEEDS = 100;
const DECIMALS = 2;
const STARTED_AT = 496_944 * HOUR_MS;
/** The tails of 1d and 10d are full, and those of 5m. */
const WARM_HOURS = 4_320;
const WARM_MINUTES = 10_080;
const ROUNDS = 5;
const TURNS = 5;
const SECONDS = MINUTE_MS / SECOND_MS;
/** Ten steps of the risk grid, whose cuts carry the figures of all feeds. */
const WATCHED_SECONDS = 3_000;
/** Of a price of 100, a second. */
const SIGMA = 0.000_15;

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
  private seed = 1;

  constructor() {
    const plan = planOf(
      Object.fromEntries(Array.from({ length: FEEDS }, (_, feed) => [`A${feed}/USD`, { sources: {} }])),
    );
    this.past = new RiskPast(plan.feeds);
    const state = this.pastOfOne();
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
    for (let feed = 0; feed < FEEDS; feed++) this.prices[feed] = this.move(this.priceOf(feed));
    for (const [feed, price] of this.prices.entries()) {
      (this.reports[feed]?.prices as { price: number }).price = Math.round(price * 100);
    }
    const risk = this.past.isDue ? this.past.figures(this.at / 10) : undefined;
    this.past.elapse(this.at);
    this.past.absorb({ at: this.at, reports: this.reports, ...(risk === undefined ? {} : { risk }) });
  }

  private pastOfOne(): { recent: Float64Array; model: Float64Array } {
    const one = new FeedRiskPast(0, DECIMALS, policyOf().haircut);
    const first = STARTED_AT / HOUR_MS - WARM_MINUTES / 60 - WARM_HOURS;
    let price = 100;
    const hours = Array.from({ length: WARM_HOURS }, () => {
      const open = price;
      const path = Array.from({ length: 20 }, () => (price = this.move(price, 13)));
      return { open, high: Math.max(open, ...path), low: Math.min(open, ...path), close: price };
    });
    one.warmUp(first, hours);
    for (let at = STARTED_AT - WARM_MINUTES * MINUTE_MS; at <= STARTED_AT; at += SECOND_MS) {
      price = this.move(price);
      one.hold(price, SIGMA);
      one.elapse(at);
    }
    const model = one.model();
    if (model === undefined) throw new Error('the feed that was warmed up has no past');
    this.prices.fill(price);
    return { recent: one.recent(), model };
  }

  /** Uniform steps of the right variance, `scale` times as large. */
  private move(price: number, scale = 1): number {
    this.seed = (Math.imul(this.seed, 1_664_525) + 1_013_904_223) >>> 0;
    return price * (1 + SIGMA * scale * Math.sqrt(12) * (this.seed / 2 ** 32 - 0.5));
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
