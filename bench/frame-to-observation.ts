import { Intake } from '../src/inbound/intake';
import type { Outcome } from '../src/inbound/dialect';
import type { OracleInput } from '../src/oracle/input';
import type { FrameEvent } from '../src/recording/event';
import { voicesOf } from '../src/runtime/build-engine';
import { asReceived, Market, realConfiguration } from './market';
import { interleave, median, spread, type Row } from './paired';

const BENCH = 'frame to observation';
const ROUNDS = 21;
const TURNS = 12;
const WARM_UP_TURNS = 60;
const FRAMES_A_VENUE = 400;
const STARTED_AT = 1_790_000_000_000;

/** One venue's pass over its frames: what it takes to parse them, to take them in, and to JSON.parse them. */
export function frameToObservation(): Row[] {
  const configuration = realConfiguration();
  const { plan } = configuration;
  const market = new Market(configuration);
  const voices = voicesOf(configuration);
  const works = voices.flatMap(({ venue, dialect, instruments }) => {
    const sources = plan.sources.flatMap((source, index) => (source.venue === venue ? [index] : []));
    const bytes = Array.from({ length: FRAMES_A_VENUE }, (_, index) => {
      const { frame } = market.frame(sources[index % sources.length] as number, STARTED_AT + index) as {
        frame: string;
      };
      return Buffer.from(frame);
    });
    let frames: string[] = [];
    let state = dialect.open(instruments);
    let outcomes: readonly Outcome[] = [];
    let json: unknown;
    let inputs: OracleInput[] = [];
    const intake = new Intake(plan, voices);
    const fresh = (): void => {
      frames = bytes.map(asReceived);
      state = dialect.open(instruments);
      inputs = [];
      intake.take({ at: STARTED_AT, venue, connection: '1', open: true }, []);
    };
    return [
      {
        prepare: fresh,
        run() {
          for (const frame of frames) outcomes = dialect.parse(state, frame);
          if (outcomes[0]?.kind !== 'quote')
            throw new Error(`${venue} took its own frame for ${JSON.stringify(outcomes)}`);
        },
      },
      {
        prepare: fresh,
        run() {
          for (const frame of frames) {
            const event: FrameEvent = { at: STARTED_AT, venue, connection: '1', frame };
            intake.take(event, inputs);
          }
          if (inputs.length !== FRAMES_A_VENUE)
            throw new Error(`${venue}: ${inputs.length} inputs of ${FRAMES_A_VENUE}`);
        },
      },
      {
        prepare: fresh,
        run() {
          for (const frame of frames) json = JSON.parse(frame);
          if (json === undefined) throw new Error(`${venue} sent no JSON`);
        },
      },
    ];
  });

  interleave(works, 1, WARM_UP_TURNS);
  const rounds = interleave(works, ROUNDS, TURNS);
  const time = (round: readonly number[], venue: number, work: number): number => round[3 * venue + work] as number;
  const row = (what: string, ratios: readonly number[], own: readonly number[], limit: readonly number[]): Row => ({
    bench: BENCH,
    what,
    ratio: spread(ratios),
    micros: (1_000 * median(own)) / FRAMES_A_VENUE,
    limitMicros: (1_000 * median(limit)) / FRAMES_A_VENUE,
  });

  return ['dialect.parse', 'Intake.take'].flatMap((name, work) => {
    const ofVenues = voices.map(({ venue }, index) => {
      const own = rounds.map((round) => time(round, index, work));
      const limit = rounds.map((round) => time(round, index, 2));
      return row(
        `${venue}, ${name}`,
        own.map((ms, at) => ms / (limit[at] as number)),
        own,
        limit,
      );
    });
    const own = rounds.map((round) => median(voices.map((_, index) => time(round, index, work))));
    const limit = rounds.map((round) => median(voices.map((_, index) => time(round, index, 2))));
    const ratios = rounds.map((round) =>
      median(voices.map((_, index) => time(round, index, work) / time(round, index, 2))),
    );
    return [...ofVenues, row(`median venue, ${name}`, ratios, own, limit)];
  });
}
