import type { Scenario } from '../attacks/scenario';
import type { Push } from '../run/manipulator';
import type { Check } from './judge';
import type { Score } from './score';

/** All that a run of the laboratory brought to light, before it is summed up. */
export interface Findings {
  readonly scenarios: readonly Scenario[];
  readonly rules: readonly string[];
  /** May hold more rules than are asked for: Pyth's are the measure of bands. */
  readonly scores: readonly Score[];
  readonly pushes: readonly Push[];
  readonly pythStretch: number | undefined;
  /** Of the proofs that were run, by name. */
  readonly proofs: ReadonlyMap<string, readonly Check[]>;
  /** Witnesses that a scenario needs and Assay's configuration does not have. */
  readonly lacking: (scenario: Scenario) => readonly string[];
}
