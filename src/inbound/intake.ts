import type { OracleInput } from '../oracle/input';
import type { OraclePlan } from '../oracle/plan';
import { isStationary } from '../oracle/risk/garch';
import type { EpochMs } from '../oracle/units/time';
import type {
  ConnectionEvent,
  FitEvent,
  FrameEvent,
  ObservationEvent,
  OperatorEvent,
  ReadEvent,
  RecordedEvent,
} from '../recording/event';
import type { Dialect, Outcome } from './dialect';
import { planSessions } from './transport/sessions';

/** A venue as configured, and the language it speaks. */
export interface Voice {
  readonly venue: string;
  readonly dialect: Dialect;
  readonly instruments: readonly string[];
}

interface Connection {
  readonly dialect: Dialect;
  readonly instruments: readonly string[];
  /** By instrument. */
  readonly sources: ReadonlyMap<string, number>;
  /** As `sources`: indices of implied volatility. */
  readonly implied: ReadonlyMap<string, number>;
  state: unknown;
}

const NOTHING: readonly Outcome[] = [];
/** Quotes that stand in a recording as they are, outside any connection, are heard as on this one. */
const DIRECT = 'direct';

/**
 * The one reader of what comes in, live and replayed alike: it holds the dialects' state of every connection and turns
 * events into the oracle's inputs. Pure but for that state.
 */
export class Intake {
  private readonly voices = new Map<string, Voice>();
  private readonly connections = new Map<string, Map<string, Connection>>();
  /** By venue, then instrument. */
  private readonly sources = new Map<string, Map<string, number>>();
  /** As `sources`: indices of implied volatility. */
  private readonly implied = new Map<string, Map<string, number>>();
  /** By the reader's id: what it speaks about. */
  private readonly readers: ReadonlyMap<string, ReaderVoice>;
  private readonly feeds: ReadonlyMap<string, number>;

  constructor(plan: OraclePlan, voices: readonly Voice[]) {
    for (const voice of voices) {
      this.voices.set(voice.venue, voice);
      this.connections.set(voice.venue, new Map());
      this.sources.set(voice.venue, new Map());
      this.implied.set(voice.venue, new Map());
    }
    plan.sources.forEach(({ venue, instrument }, source) => this.sources.get(venue)?.set(instrument, source));
    plan.implied?.forEach(({ venue, instrument }, index) => this.implied.get(venue)?.set(instrument, index));
    this.readers = readerVoices(plan, this.sources);
    this.feeds = new Map(plan.feeds.map(({ id }, index) => [id, index]));
  }

  /**
   * Appends to `inputs` what the event means to the oracle and returns what the dialect made of it. An event of a
   * venue, reader or feed that is not configured means nothing.
   */
  take(event: RecordedEvent, inputs: OracleInput[]): readonly Outcome[] {
    if ('connection' in event) return 'open' in event ? this.turn(event, inputs) : this.hear(event, inputs);
    if ('observation' in event) return this.observe(event, inputs);
    if ('read' in event) this.read(event, inputs);
    if ('operator' in event) this.instruct(event, inputs);
    if ('fit' in event) this.adopt(event, inputs);
    return NOTHING;
  }

  /** A connection that opens or closes takes all that its sources said with it. */
  private turn(event: ConnectionEvent, inputs: OracleInput[]): readonly Outcome[] {
    const connection = this.connection(event.venue, event.connection);
    if (connection === undefined) return NOTHING;
    if (event.open) connection.state = connection.dialect.open(connection.instruments);
    inputs.push({ kind: 'disconnect', sources: [...connection.sources.values()] });
    for (const implied of connection.implied.values()) inputs.push({ kind: 'dismissImplied', implied });
    return NOTHING;
  }

  private hear(event: FrameEvent, inputs: OracleInput[]): readonly Outcome[] {
    if (!('frame' in event)) return [{ kind: 'rejected', reason: 'notText' }];
    return this.parse(event.venue, event.connection, event.frame, inputs);
  }

  private observe(event: ObservationEvent, inputs: OracleInput[]): readonly Outcome[] {
    return this.parse(event.venue, DIRECT, JSON.stringify(event.observation), inputs);
  }

  private parse(venue: string, name: string, frame: string, inputs: OracleInput[]): readonly Outcome[] {
    const connection = this.connection(venue, name);
    if (connection === undefined) return NOTHING;
    const outcomes = parsed(connection, frame);
    for (const outcome of outcomes) {
      if (outcome.kind === 'quote') {
        const source = connection.sources.get(outcome.instrument);
        if (source !== undefined) inputs.push({ kind: 'quote', source, quote: outcome.quote });
      }
      if (outcome.kind === 'volatility') {
        const { volatility, observedAt } = outcome;
        const implied = connection.implied.get(outcome.instrument);
        if (implied !== undefined) inputs.push({ kind: 'implied', implied, volatility, observedAt });
      }
    }
    return outcomes;
  }

  private read({ reader, read }: ReadEvent, inputs: OracleInput[]): void {
    const voice = this.readers.get(reader);
    if (voice === undefined) return;
    if ('refused' in read) {
      if (voice.kind === 'source') inputs.push({ kind: 'dismissSource', source: voice.index, verdict: read.refused });
      if (voice.kind === 'anchor') inputs.push({ kind: 'dismissAnchor', anchor: voice.index });
      return;
    }
    const value = Number(read.value);
    if (value > 0 && value < Infinity) inputs.push(saidBy(voice, value, read.updatedAt));
  }

  private instruct({ operator }: OperatorEvent, inputs: OracleInput[]): void {
    const feed = this.feeds.get(operator.halt ?? operator.resume ?? '');
    const action = operator.halt === undefined ? 'resume' : 'halt';
    if (feed !== undefined) inputs.push({ kind: 'operator', action, feed });
  }

  /** Parameters of no stationary process mean nothing. */
  private adopt({ fit }: FitEvent, inputs: OracleInput[]): void {
    const feed = this.feeds.get(fit.feed);
    const [mu = NaN, omega = NaN, alpha = NaN, beta = NaN] = fit.parameters;
    const parameters = { mu, omega, alpha, beta };
    if (feed === undefined || !isStationary(parameters)) return;
    inputs.push({ kind: 'fit', feed, parameters, effectiveCut: fit.effectiveCut });
  }

  /** Made when it is first heard of. One whose name is not of ours (a recording made elsewhere) carries all instruments. */
  private connection(venue: string, name: string): Connection | undefined {
    const known = this.connections.get(venue)?.get(name);
    if (known !== undefined) return known;
    const voice = this.voices.get(venue);
    if (voice === undefined) return undefined;
    const planned = planSessions(venue, voice.dialect, voice.instruments).find(({ connection }) => connection === name);
    const instruments = planned?.instruments ?? voice.instruments;
    const carried = (all: ReadonlyMap<string, number> = new Map()): ReadonlyMap<string, number> =>
      new Map([...all].filter(([instrument]) => instruments.includes(instrument)));
    const [sources, implied] = [carried(this.sources.get(venue)), carried(this.implied.get(venue))];
    const { dialect } = voice;
    const connection = { dialect, instruments, sources, implied, state: dialect.open(instruments) };
    this.connections.get(venue)?.set(name, connection);
    return connection;
  }
}

/** A reader is an anchor, gives a redemption rate, or is a source like those of venues. */
interface ReaderVoice {
  readonly kind: 'anchor' | 'redemption' | 'source';
  readonly index: number;
}

/** Sources of no venue that is listened to are readers. */
function readerVoices(plan: OraclePlan, venues: ReadonlyMap<string, unknown>): ReadonlyMap<string, ReaderVoice> {
  const voices = new Map<string, ReaderVoice>();
  plan.sources.forEach(({ id, venue }, index) => {
    if (!venues.has(venue)) voices.set(id, { kind: 'source', index });
  });
  plan.anchors.forEach(({ id }, index) => voices.set(id, { kind: 'anchor', index }));
  plan.redemptions.forEach(({ id }, index) => voices.set(id, { kind: 'redemption', index }));
  return voices;
}

/** A reader that is a source has one price, without a spread. */
function saidBy({ kind, index }: ReaderVoice, value: number, updatedAt: EpochMs): OracleInput {
  switch (kind) {
    case 'anchor':
      return { kind, anchor: index, value, updatedAt };
    case 'redemption':
      return { kind, redemption: index, value, updatedAt };
    case 'source': {
      const unsaid = { bidSize: undefined, askSize: undefined, last: undefined, sequence: undefined };
      return { kind: 'quote', source: index, quote: { bid: value, ask: value, eventAt: updatedAt, ...unsaid } };
    }
  }
}

/** A dialect never throws; one that does all the same must not take the process with it. */
function parsed({ dialect, state }: Connection, frame: string): readonly Outcome[] {
  try {
    return dialect.parse(state, frame);
  } catch (error) {
    return [{ kind: 'rejected', reason: 'dialectFault', detail: String(error) }];
  }
}
