import type { RecordedEvent } from '../../recording/event';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../oracle/units/time';
import { shiftAt } from '../attacks/distort';
import type { Effect, Injection, Scenario } from '../attacks/scenario';
import type { Arrival } from './market-quote';
import type { Reference } from './reference';
import { CHAIN_READERS, type ReaderName } from './venues';

interface Reader {
  /** Its name in a recording, as config/lab/chains.yaml gives it. */
  readonly id: string;
  readonly everyMs: number;
  /** A new answer only after the value has moved by so much; every answer without it. */
  readonly thresholdBps?: number;
  /** It answers the geometric mean over so long: what is done to it counts by its share of that time. */
  readonly windowMs?: number;
  /** From the value to a block in which it can be read. */
  readonly delayMs: number;
  readonly value: (reference: Reference, at: EpochMs) => number;
}

const CHAIN = 'laboratory';
const MEAN_EVERY_MS = MINUTE_MS;

export const READERS: Readonly<Record<ReaderName, Reader>> = {
  /** One round at first, then one each time the truth has moved by the threshold, some seconds late. */
  chainlink: {
    id: 'chainlink:BTC/USD',
    everyMs: SECOND_MS,
    thresholdBps: 50,
    delayMs: 2 * SECOND_MS,
    value: (reference, at) => reference.price('BTC', 'USD', at),
  },
  /** A pool's own oracle gives a mean over time, never the price of a block. */
  pool: {
    id: 'uniswap-v3:BTC/USD',
    everyMs: SECOND_MS,
    windowMs: 30 * MINUTE_MS,
    delayMs: 250,
    value: (reference, at) => meanOf(reference, at, 30 * MINUTE_MS),
  },
  /** Bitcoin for one wrapped bitcoin. */
  redemption: { id: 'rate:WBTC/USD', everyMs: SECOND_MS, delayMs: 250, value: () => 1 },
};

/**
 * What the readers of a chain read in one scenario, from the warm-up on. While its sequencer is silent they refuse
 * what they read, and so they do at an aggregator's bound: that is a reader's to see, and the oracle's to hear.
 */
export function readings(
  reference: Reference,
  scenario: Scenario,
  { from, startAt }: { readonly from: EpochMs; readonly startAt: EpochMs },
): Arrival[] {
  const sequencer = scenario.injections.filter(({ who }) => who.includes('sequencer'));
  return CHAIN_READERS.flatMap((name) => {
    const reader = READERS[name];
    const own = scenario.injections.filter(({ who }) => who.includes(name));
    const arrivals: Arrival[] = [];
    let answered = NaN;
    for (let at = from; at + reader.delayMs < startAt + scenario.durationMs; at += reader.everyMs) {
      const ms = at - startAt;
      const readAt = at === from ? at : at + reader.delayMs;
      const refused = refusalOf(sequencer, own, ms);
      if (refused !== undefined) {
        arrivals.push(reading(reader, readAt, { refused }));
        answered = NaN;
        continue;
      }
      const value = answer(reader, reader.value(reference, at), own, ms);
      if (value === undefined) continue;
      if ((Math.abs(value - answered) / answered) * 10_000 < (reader.thresholdBps ?? -1)) continue;
      arrivals.push(reading(reader, readAt, { value: value.toFixed(8), updatedAt: at }));
      answered = value;
    }
    return arrivals;
  });
}

function refusalOf(
  sequencer: readonly Injection[],
  own: readonly Injection[],
  ms: number,
): 'sequencerDown' | 'atBound' | undefined {
  if (sequencer.some((injection) => isActive(injection, ms))) return 'sequencerDown';
  return own.some((each) => each.what.kind === 'atBound' && isActive(each, ms)) ? 'atBound' : undefined;
}

/** What a reader answers, or undefined while it has nothing new to say. */
function answer({ windowMs }: Reader, value: number, injections: readonly Injection[], ms: number): number | undefined {
  let said = value;
  for (const injection of injections) {
    const { what, fromMs, toMs } = injection;
    if (windowMs !== undefined) {
      const worked = Math.max(0, Math.min(ms, toMs) - fromMs);
      said *= distorted(1, what, worked) ** (Math.min(worked, windowMs) / windowMs);
    } else if (isActive(injection, ms)) {
      if (what.kind === 'freeze' || what.kind === 'silent') return undefined;
      said = distorted(said, what, ms - fromMs);
    }
  }
  return said;
}

function isActive({ fromMs, toMs }: Injection, ms: number): boolean {
  return ms >= fromMs && ms < toMs;
}

function distorted(value: number, what: Effect, ms: number): number {
  if (what.kind === 'shift') return value * (1 + shiftAt(what, ms) / 10_000);
  if (what.kind === 'times') return value * (what.factors[0] ?? 1);
  return value;
}

function meanOf(reference: Reference, at: EpochMs, windowMs: number): number {
  let sum = 0;
  for (let back = 0; back < windowMs; back += MEAN_EVERY_MS) sum += Math.log(reference.price('BTC', 'USD', at - back));
  return Math.exp(sum / (windowMs / MEAN_EVERY_MS));
}

function reading({ id }: Reader, at: EpochMs, read: Extract<RecordedEvent, { read: unknown }>['read']): Arrival {
  return { at, event: { at, chain: CHAIN, reader: id, read } };
}
