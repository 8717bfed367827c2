import type { Configuration } from '../../platform/config/configuration';
import type { RecordedEvent } from '../../recording/event';
import { scenarioNamed, START_AT, Truths } from '../run/lab';
import { Listener } from '../run/listener';
import { SimulatedMarket } from '../run/simulated-market';
import { isSo, type Proof } from './proof';
import { rehearse } from './rehearse';

const FEED = 'LBTC/USD';
const SEED = 1;
const MAX_BPS = 50;
/** Where the old configuration ends and the new one goes live. */
const CHANGE_AT = START_AT + 2_000;
const DURATION_MS = 4_000;

/** cbETH at $ 1.12 (Moonwell, 15 February 2026): a configuration that forgot to multiply by what the quote is in. */
export const missingLeg: Proof = {
  name: 'missingLeg',
  about: 'a new configuration takes prices in bitcoin for prices in dollars',
  prove(live) {
    const next = withoutLeg(live);
    const events = recorded();
    const refused = rehearse(live, next, events, MAX_BPS).find(({ feed }) => feed === FEED);
    const same = rehearse(live, live, events, MAX_BPS);
    return [
      isSo(
        `rehearsal refuses more than ${MAX_BPS} bp`,
        refused !== undefined,
        refused === undefined ? 'rehearsal refused nothing' : `rehearsal refuses ${FEED}, ${refused.bps.toFixed(0)} bp`,
      ),
      isSo('rehearsal passes what changes nothing', same.length === 0, `and ${same.length} feeds of an equal one`),
      wentLive(live, next, events),
    ];
  },
};

/** What becomes of the new configuration if it goes live all the same: it starts from where the old one ended. */
function wentLive(live: Configuration, next: Configuration, events: readonly RecordedEvent[]): ReturnType<typeof isSo> {
  const before = new Listener(live);
  for (const event of events) if (event.at < CHANGE_AT) before.hear(event);
  before.reach(CHANGE_AT);
  const after = new Listener(next, { state: before.state() });
  for (const event of events) if (event.at > CHANGE_AT) after.hear(event);
  after.reach(START_AT + DURATION_MS);
  const report = after.report(FEED);
  const seen = `live: ${report?.status ?? 'nothing'} at ${after.price(FEED)?.toFixed(2) ?? 'no price'}`;
  return isSo('live: halted', report?.prices === undefined, `${seen} (${report?.reasons.join(', ') ?? ''})`);
}

function recorded(): RecordedEvent[] {
  const scenario = { ...scenarioNamed('calm'), judged: 'LBTC', durationMs: DURATION_MS } as const;
  const truth = new Truths(SEED).of(scenario);
  return new SimulatedMarket({ scenario, seed: SEED, truth, startAt: START_AT }).arrivals().map(({ event }) => event);
}

function withoutLeg(configuration: Configuration): Configuration {
  const { plan } = configuration;
  const feed = plan.feeds.findIndex(({ id }) => id === FEED);
  const sources = plan.sources.map((source) => {
    if (source.feed !== feed) return source;
    const { leg: _, ...direct } = source;
    return direct;
  });
  return { ...configuration, plan: { ...plan, sources } };
}
