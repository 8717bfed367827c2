import type { Outcome } from '../src/inbound/dialect';
import { Intake, type Voice } from '../src/inbound/intake';
import type { OracleInput } from '../src/oracle/input';
import type { Configuration } from '../src/platform/config/configuration';
import { voicesOf } from '../src/runtime/build-engine';
import { asReceived, Market, realConfiguration } from './market';
import { interleave, median, spread, type Row, type Target, type Work } from './paired';

const BENCH = 'frame to observation';
const TARGET: Target = { floor: 1.5, aim: 0.4 };
const ROUNDS = 21;
const TURNS = 12;
const WARM_UP_TURNS = 60;
const FRAMES_A_VENUE = 400;
const STARTED_AT = 1_790_000_000_000;

const WORKS = ['dialect.parse', 'Intake.take', 'JSON.parse'] as const;
const LIMIT = WORKS.indexOf('JSON.parse');

/** What a dialect takes to read a frame, and the intake to turn it into an input, against JSON.parse of the same. */
export function frameToObservation(): Row[] {
  const configuration = realConfiguration();
  const market = new Market(configuration);
  // Perpetuals speak the dialect of their exchange's spot market, which is timed once. An index comes once a second.
  const isTimed = ({ venue, dialect }: Voice): boolean =>
    venue === dialect.name && configuration.plan.sources.some((source) => source.venue === venue);
  const voices = voicesOf(configuration).filter(isTimed);
  const works = voices.flatMap((voice) => worksOf(voice, configuration, market));

  interleave(works, 1, WARM_UP_TURNS);
  const rounds = interleave(works, ROUNDS, TURNS);
  return WORKS.slice(0, LIMIT).flatMap((name, work) => {
    const time = (round: readonly number[], venue: number, which: number): number =>
      round[WORKS.length * venue + which] as number;
    const row = (what: string, venues: readonly number[]): Row => {
      const ofVenues = (value: (round: readonly number[], venue: number) => number): number[] =>
        rounds.map((round) => median(venues.map((venue) => value(round, venue))));
      const own = ofVenues((round, venue) => time(round, venue, work));
      const limit = ofVenues((round, venue) => time(round, venue, LIMIT));
      return {
        bench: BENCH,
        what: `${what}, ${name}`,
        ratio: spread(ofVenues((round, venue) => time(round, venue, work) / time(round, venue, LIMIT))),
        target: TARGET,
        micros: (1_000 * median(own)) / FRAMES_A_VENUE,
        limitMicros: (1_000 * median(limit)) / FRAMES_A_VENUE,
      };
    };
    return [...voices.map(({ venue }, index) => row(venue, [index])), row('median venue', [...voices.keys()])];
  });
}

/** In the order of WORKS, each over the same frames of one venue, on a connection that has just opened. */
function worksOf({ venue, dialect, instruments }: Voice, configuration: Configuration, market: Market): Work[] {
  const { plan } = configuration;
  const sources = plan.sources.flatMap((source, index) => (source.venue === venue ? [index] : []));
  const sent = Array.from({ length: FRAMES_A_VENUE }, (_, index) => {
    const source = sources[index % sources.length] as number;
    return Buffer.from(market.frame(source, STARTED_AT + index).frame);
  });
  const intake = new Intake(plan, voicesOf(configuration));
  let frames: string[] = [];
  let state = dialect.open(instruments);
  let outcomes: readonly Outcome[] = [];
  let inputs: OracleInput[] = [];
  let json: unknown;

  const prepare = (): void => {
    frames = sent.map(asReceived);
    state = dialect.open(instruments);
    inputs = [];
    intake.take({ at: STARTED_AT, venue, connection: '1', open: true }, []);
  };
  const parse = (): void => {
    for (const frame of frames) outcomes = dialect.parse(state, frame);
    if (outcomes[0]?.kind !== 'quote') throw new Error(`${venue} took its own frame for ${JSON.stringify(outcomes)}`);
  };
  const take = (): void => {
    for (const frame of frames) intake.take({ at: STARTED_AT, venue, connection: '1', frame }, inputs);
    if (inputs.length !== frames.length)
      throw new Error(`${venue}: ${inputs.length} inputs of ${frames.length} frames`);
  };
  const parseJson = (): void => {
    for (const frame of frames) json = JSON.parse(frame);
    if (json === undefined) throw new Error(`${venue} sent no JSON`);
  };
  return [parse, take, parseJson].map((run) => ({ prepare, run }));
}
