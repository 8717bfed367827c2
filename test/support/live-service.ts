import { startStandalone, type RunningService } from '../../src/app/start-standalone';
import { environmentFor, marketOptions, pointedAt } from '../../src/commands/demo/simulated';
import { warmUp } from '../../src/commands/demo/warm-up';
import { startMarket, type Market, type MarketOptions } from '../../src/lab/market/market';
import type { Figures, Report, Status } from '../../src/oracle/report';
import { fromMantissa } from '../../src/oracle/units/decimal';
import { cutInstant, SECOND_MS } from '../../src/oracle/units/time';
import { LEDGER, type Ledger, type LedgerEntry } from '../../src/outbound/ledger/ledger';
import type { RemoteSignerSettings } from '../../src/outbound/signing/remote/web3signer';
import { systemClock, systemTimers } from '../../src/platform/clock/system-clock';
import type { Configuration } from '../../src/platform/config/configuration';

/** Generous: what takes longer does not come. */
const DEADLINE_MS = 30 * SECOND_MS;

/** The market that a configuration listens to, with every instrument and anchor it names, and some changes. */
export function openMarket(
  configuration: Configuration,
  changes: (options: MarketOptions) => Partial<MarketOptions> = () => ({}),
): Promise<Market> {
  const options = marketOptions(configuration, { seed: 1, clock: systemClock, timers: systemTimers });
  return startMarket({ ...options, ...changes(options) });
}

/** A jump is followed within half a second: of a short run that is more than one report in a hundred. */
export function withoutJumps(): Partial<MarketOptions> {
  const calm = { jumpBps: 0 };
  return { assets: { BTC: calm, ETH: calm, SOL: calm } };
}

export interface LiveOptions {
  readonly dataDirectory?: string;
  readonly recordFile?: string;
  /** Starts without the hour of simulated history that fills every window. */
  readonly cold?: boolean;
  /** Days of invented history before that hour: see `warmUp`. */
  readonly history?: number;
  /** The last cut of the run before, in the same data directory: what was published up to it is not looked at. */
  readonly after?: number;
  /** Reads no chain, so that frames are the only input. */
  readonly chainless?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
  /** A web3signer, instead of the development key here. */
  readonly remote?: RemoteSignerSettings;
}

/** The whole service in this process, upon a simulated market; it remembers what it saw published. */
export class LiveService {
  readonly entries: LedgerEntry[] = [];
  private readonly reports: Report[] = [];
  private readonly figures: Figures[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly ended = new AbortController();
  private following: Promise<void> = Promise.resolve();

  private constructor(
    readonly configuration: Configuration,
    readonly market: Market,
    readonly service: RunningService,
  ) {}

  static async start(configuration: Configuration, market: Market, options: LiveOptions = {}): Promise<LiveService> {
    process.env['ASSAY_LOG_LEVEL'] ??= 'silent';
    const { network } = configuration.plan;
    const { dataDirectory, recordFile, cold = false, chainless = false, after = 0, environment, remote } = options;
    const { history = 0 } = options;
    const noPassword = (): Promise<string> => Promise.reject(new Error('the development key has no password'));
    const service = await startStandalone(
      {
        configuration: pointedAt(configuration, market),
        signing: { network, keystoreFile: undefined, password: noPassword, development: remote === undefined, remote },
        dataDirectory,
        recordFile,
        state: cold ? undefined : warmUp(configuration, market, systemClock.now(), history),
        environment: { ...(chainless ? {} : environmentFor(configuration, market)), ...environment },
      },
      { host: '127.0.0.1', port: 0 },
    );
    const live = new LiveService(configuration, market, service);
    live.following = live.follow(service.app.get<Ledger>(LEDGER), after);
    return live;
  }

  get url(): string {
    return this.service.url;
  }

  get streamUrl(): string {
    return `${this.url.replace('http', 'ws')}/v1/stream`;
  }

  /** The report of a feed that stands. */
  report(feed: string): Report | undefined {
    return this.reports[this.feedIndex(feed)];
  }

  /** In the quote currency; undefined while there is none. */
  priceOf(feed: string): number | undefined {
    const mantissa = this.report(feed)?.prices?.price;
    const decimals = this.configuration.plan.feeds[this.feedIndex(feed)]?.decimals;
    return mantissa === undefined || decimals === undefined ? undefined : fromMantissa(mantissa, decimals);
  }

  figuresOf(feed: string): Figures | undefined {
    return this.figures[this.feedIndex(feed)];
  }

  /** Resolves with the first answer that is neither undefined nor false, asked now and after each cut. */
  async until<Answer>(ask: () => Answer | false | undefined, what: string): Promise<Answer> {
    let asking = (): void => undefined;
    const answered = new Promise<Answer>((resolve) => {
      asking = () => {
        const answer = ask();
        if (answer !== undefined && answer !== false) resolve(answer);
      };
    });
    this.waiting.add(asking);
    asking();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const standing = this.configuration.plan.feeds.map(({ id }) => describeReport(id, this.report(id)));
        reject(new Error(`waited ${DEADLINE_MS} ms in vain: ${what}\n${standing.join('\n')}`));
      }, DEADLINE_MS);
    });
    try {
      return await Promise.race([answered, late]);
    } finally {
      clearTimeout(timer);
      this.waiting.delete(asking);
    }
  }

  untilStatus(feed: string, status: Status): Promise<Report> {
    return this.until(() => {
      const report = this.report(feed);
      return report?.status === status && report;
    }, `${feed} ${status}`);
  }

  untilAll(status: Status): Promise<unknown> {
    const { feeds } = this.configuration.plan;
    return this.until(() => feeds.every(({ id }) => this.report(id)?.status === status), `all feeds ${status}`);
  }

  /** Resolves once a frame of the venue has been refused for this reason. */
  async untilRejected(venue: string, reason: string): Promise<void> {
    for (;;) {
      const rejections = await this.service.metrics.rejections.get();
      if (rejections.values.some(({ labels }) => labels.venue === venue && labels.reason === reason)) return;
      const seen = this.entries.length;
      await this.until(() => this.entries.length > seen, `a cut, and a frame of ${venue} refused as ${reason}`);
    }
  }

  /** Every report of a feed since a cut, in order. */
  reportsOf(feed: string, afterCut = 0): Report[] {
    const index = this.feedIndex(feed);
    return this.entries.flatMap(({ cut }) =>
      cut.number > afterCut ? cut.reports.filter((report) => report.feed === index) : [],
    );
  }

  /** The 99th percentile, in bps, of how far these reports' prices are from the truth of their instants. */
  p99ErrorBps(reports: readonly Report[]): number {
    const errors = reports.map((report) => this.errorBps(report)).filter((error) => error !== undefined);
    return errors.sort((a, b) => a - b)[Math.floor(0.99 * errors.length)] ?? NaN;
  }

  /** How far the price of a report is from the truth of its cut's instant; undefined where it has none. */
  errorBps({ feed: index, prices, cut }: Report): number | undefined {
    const feed = this.configuration.plan.feeds[index];
    if (feed === undefined || prices === undefined) return undefined;
    const truth = this.market.truthOf(feed.asset.symbol, feed.quote, cutInstant(cut));
    return (Math.abs(fromMantissa(prices.price, feed.decimals) - truth) / truth) * 10_000;
  }

  async get(path: string): Promise<{ readonly status: number; readonly body: unknown }> {
    const answer = await fetch(`${this.url}${path}`);
    return { status: answer.status, body: await answer.json() };
  }

  async post(path: string, body: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  }

  /** The samples of one metric, as a scrape shows them. */
  async metric(name: string): Promise<{ readonly labels: Record<string, string>; readonly value: number }[]> {
    const lines = (await (await fetch(`${this.url}/metrics`)).text()).split('\n');
    return lines.flatMap((line) => {
      const [, named, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (named !== name) return [];
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text]);
      return [{ labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }];
    });
  }

  /** The market goes on. */
  async stop(): Promise<void> {
    await this.service.stop();
    this.ended.abort();
    await this.following;
  }

  private feedIndex(id: string): number {
    return this.configuration.plan.feeds.findIndex((feed) => feed.id === id);
  }

  private async follow(ledger: Ledger, after: number): Promise<void> {
    for await (const entry of ledger.tail(after, this.ended.signal)) this.take(entry);
  }

  private take(entry: LedgerEntry): void {
    this.entries.push(entry);
    for (const report of entry.cut.reports) this.reports[report.feed] = report;
    for (const figures of entry.cut.figures) this.figures[figures.feed] = figures;
    for (const asking of this.waiting) asking();
  }
}

function describeReport(id: string, report: Report | undefined): string {
  return report === undefined ? `${id} –` : `${id} ${report.status} ${report.reasons.join(' ')}`;
}
