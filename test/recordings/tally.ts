import { type Dialect, type Outcome, REJECTIONS } from '../../src/inbound/dialect';
import type { CapturedVenue, Json } from './captured-venues';

export interface CapturedFrame {
  readonly connection: string;
  readonly frame: string;
}

/** What became of the frames of one capture. */
export interface Tally {
  readonly frames: number;
  /** By channel, then outcome. */
  readonly counts: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Frames that no dialect may have: thrown at, left without an outcome, or of an instrument called unknown. */
  readonly faults: readonly string[];
}

/** Runs the frames through a dialect, one state for each connection, every instrument of it being configured. */
export function tallyOf(venue: CapturedVenue, dialect: Dialect, frames: readonly CapturedFrame[]): Tally {
  const counts = new Map<string, Map<string, number>>();
  const faults: string[] = [];
  const states = new Map(
    [...instrumentsByConnection(venue, frames)].map(([connection, seen]) => [connection, dialect.open([...seen])]),
  );
  for (const { connection, frame } of frames) {
    const { names, fault } = read(dialect, states.get(connection), frame);
    if (fault !== undefined) faults.push(`${fault}: ${frame.slice(0, 200)}`);
    const channel = channelOf(venue, frame);
    const outcomes = counts.get(channel) ?? new Map<string, number>();
    counts.set(channel, outcomes);
    for (const name of names) outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
  }
  return { frames: frames.length, counts, faults };
}

function read(dialect: Dialect, state: unknown, frame: string): { names: readonly string[]; fault?: string } {
  let outcomes: readonly Outcome[];
  try {
    outcomes = dialect.parse(state, frame);
  } catch (error) {
    return { names: ['THROWN'], fault: `thrown ${String(error)}` };
  }
  const names = outcomes.map(nameOf);
  if (names.length === 0) return { names: ['NOTHING'], fault: 'no outcome' };
  const isUnnamed = outcomes.some((outcome) => outcome.kind === 'rejected' && !REJECTIONS.includes(outcome.reason));
  if (isUnnamed) return { names, fault: 'a rejection without a name of ours' };
  return names.includes('rejected:unknownInstrument') ? { names, fault: 'unknown, though configured' } : { names };
}

function nameOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'quote':
    case 'volatility':
      return outcome.kind;
    case 'control':
      return `control:${outcome.control}`;
    case 'rejected':
      return `rejected:${outcome.reason}`;
  }
}

function instrumentsByConnection(venue: CapturedVenue, frames: readonly CapturedFrame[]): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>();
  for (const { connection, frame } of frames) {
    const instruments = seen.get(connection) ?? new Set();
    seen.set(connection, instruments);
    for (const instrument of venue.instrumentsOf(parsed(frame))) instruments.add(instrument);
  }
  return seen;
}

function channelOf(venue: CapturedVenue, frame: string): string {
  return venue.channelOf(parsed(frame)) ?? '(none)';
}

function parsed(frame: string): Json {
  try {
    const value: unknown = JSON.parse(frame);
    return (typeof value === 'object' && value !== null ? value : {}) as Json;
  } catch {
    return {};
  }
}
