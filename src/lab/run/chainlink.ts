import { SECOND_MS, type EpochMs } from '../../oracle/units/time';
import { shiftAt } from '../attacks/distort';
import type { Injection, Scenario } from '../attacks/scenario';
import type { Arrival } from './market-quote';
import type { Reference } from './reference';

/** As config/lab/chains.yaml has it. */
const READER = 'chainlink:BTC/USD';
const CHAIN = 'laboratory';
const THRESHOLD_BPS = 50;
/** From the threshold's crossing to a block in which the new round can be read. */
const DELAY_MS = 2 * SECOND_MS;

/** The anchor's rounds: one at first, then one each time the truth has moved by the threshold, some seconds late. */
export function chainlinkRounds(
  reference: Reference,
  scenario: Scenario,
  { from, startAt }: { readonly from: EpochMs; readonly startAt: EpochMs },
): Arrival[] {
  const rounds: Arrival[] = [];
  let answer = NaN;
  for (let at = from; at < startAt + scenario.durationMs - DELAY_MS; at += SECOND_MS) {
    const value = told(reference.price('BTC', 'USD', at), scenario.injections, at - startAt);
    if (value === undefined || (Math.abs(value - answer) / answer) * 10_000 < THRESHOLD_BPS) continue;
    const readAt = at === from ? at : at + DELAY_MS;
    const read = { value: value.toFixed(8), updatedAt: at };
    rounds.push({ at: readAt, event: { at: readAt, chain: CHAIN, reader: READER, read } });
    answer = value;
  }
  return rounds;
}

/** What the anchor would answer, or undefined while it is frozen. */
function told(price: number, injections: readonly Injection[], ms: number): number | undefined {
  let value = price;
  for (const { who, what, fromMs, toMs } of injections) {
    if (!who.includes('chainlink') || ms < fromMs || ms >= toMs) continue;
    if (what.kind === 'freeze' || what.kind === 'silent') return undefined;
    if (what.kind === 'shift') value *= 1 + shiftAt(what, ms - fromMs) / 10_000;
    if (what.kind === 'times') value *= what.factors[0] ?? 1;
  }
  return value;
}
