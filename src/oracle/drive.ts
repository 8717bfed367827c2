import type { Cut } from './cut';
import type { OracleInput } from './input';
import type { Oracle } from './oracle';
import type { EpochMs } from './units/time';

/**
 * Brings the oracle to an instant, with the inputs of that instant: first every cut that fell due on the way, each at
 * its own time, then the inputs. Runtime, replay and lab all move time by this, and so make identical cuts however
 * late they were called.
 */
export function* drive(oracle: Oracle, at: EpochMs, inputs: readonly OracleInput[]): Generator<Cut, void> {
  for (let due = oracle.dueAt(); due < at && due > -Infinity; due = oracle.dueAt()) {
    const cut = oracle.advance(due, []);
    if (cut !== undefined) yield cut;
  }
  const cut = oracle.advance(at, inputs);
  if (cut !== undefined) yield cut;
}
