import type { Scenario } from '../../src/lab/attacks/scenario';
import type { Arrival } from '../../src/lab/run/market-quote';
import { START_AT, Truths } from '../../src/lab/run/lab';
import { SimulatedMarket } from '../../src/lab/run/simulated-market';
import { dialectNames } from '../../src/inbound/venues/registry';
import type { Report } from '../../src/oracle/report';
import { LatestView } from '../../src/outbound/ledger/latest-view';
import { PublishedText } from '../../src/outbound/ledger/published-text';
import { developmentKey } from '../../src/outbound/signing/development-key';
import { KeySigner } from '../../src/outbound/signing/key-signer';
import { loadSecp256k1 } from '../../src/outbound/signing/secp256k1';
import { configHashBytes } from '../../src/platform/config/configuration';
import { loadConfiguration } from '../../src/platform/config/load';
import { loadKeccak } from '../../src/platform/keccak';
import { buildEngine } from '../../src/runtime/build-engine';
import type { Engine } from '../../src/runtime/engine';

const GROUP = 'account';

/** A group as a caller brings it to a contract, and the instant of its cut. */
export interface Carried {
  readonly message: string;
  readonly cutAt: number;
}

/**
 * The laboratory's market and everything from its frames to signed packed messages, at simulated time: nobody waits. It
 * publishes what config/lab does, and one group; time only goes on.
 */
export class SimulatedService {
  private heard = 0;

  private constructor(
    private readonly arrivals: readonly Arrival[],
    private readonly engine: Engine,
    private readonly view: LatestView,
    private readonly text: PublishedText,
    private readonly feeds: readonly string[],
    readonly network: string,
    readonly signer: string,
  ) {}

  static async start(scenario: Scenario, members: readonly string[]): Promise<SimulatedService> {
    const shipped = loadConfiguration('config/lab', dialectNames);
    const feeds = shipped.plan.feeds.map(({ id }) => id);
    const groups = [{ name: GROUP, feeds: members.map((id) => feeds.indexOf(id)) }];
    const configuration = { ...shipped, plan: { ...shipped.plan, groups } };
    const keccak = await loadKeccak();
    const signer = new KeySigner(developmentKey(), await loadSecp256k1(), keccak);
    const engine = buildEngine(configuration, { keccak, signer });
    const view = new LatestView(configuration.plan, configHashBytes(configuration), keccak);
    const text = new PublishedText(configuration.plan, view);
    const market = new SimulatedMarket({ scenario, seed: 1, truth: new Truths(1).of(scenario), startAt: START_AT });
    const { network } = configuration.plan;
    return new SimulatedService(market.arrivals(), engine, view, text, feeds, network, signer.address);
  }

  /** Lets time pass to so many milliseconds after the start. */
  reach(ms: number): void {
    const until = START_AT + ms;
    for (let arrival = this.arrivals[this.heard]; arrival !== undefined; arrival = this.arrivals[this.heard]) {
      if (arrival.at > until) break;
      this.engine.hear(arrival.event);
      this.heard += 1;
      if (this.arrivals[this.heard]?.at !== arrival.at) this.advance(arrival.at);
    }
    if (this.engine.reachedAt < until) this.advance(until);
  }

  /** The group as of the newest cut. */
  carried(): Carried {
    const { signed } = this.view;
    const written = this.text.group(0);
    if (signed === undefined || written === undefined) throw new Error('nothing is signed yet, or not to be proved');
    return { message: (JSON.parse(written) as { message: string }).message, cutAt: signed.header.cut * 10 };
  }

  get groupHash(): string {
    return `0x${Buffer.from(this.view.groupHash(0)!).toString('hex')}`;
  }

  report(feed: string): Report {
    const report = this.view.report(this.feeds.indexOf(feed));
    if (report === undefined) throw new Error(`${feed} has no report`);
    return report;
  }

  private advance(at: number): void {
    for (const entry of this.engine.advance(at)) this.view.fold(entry);
  }
}
