import type { Proof } from '../proofs/proof';
import { SCENARIOS } from './catalogue';
import type { Scenario } from './scenario';

export interface Chosen {
  readonly scenarios: readonly Scenario[];
  readonly proofs: readonly Proof[];
  /** Nothing was left out: then what takes longer is worth it. */
  readonly isWhole: boolean;
}

/**
 * What is to be played: everything, or what is named, of the catalogue's scenarios and proofs and of a user's own.
 * @throws RangeError for a name that is nobody's
 */
export function choose(
  names: readonly string[] | undefined,
  own: readonly Scenario[] | undefined,
  proofs: readonly Proof[],
): Chosen {
  if (names === undefined) {
    return own === undefined
      ? { scenarios: SCENARIOS, proofs, isWhole: true }
      : { scenarios: own, proofs: [], isWhole: false };
  }
  const known = [...(own ?? []), ...SCENARIOS];
  const unknown = names.find((name) => ![...known, ...proofs].some((each) => each.name === name));
  if (unknown !== undefined) {
    const all = [...known, ...proofs].map(({ name }) => name).join(', ');
    throw new RangeError(`no scenario is named ${unknown}; there are ${all}`);
  }
  return {
    scenarios: known.filter(({ name }) => names.includes(name)),
    proofs: proofs.filter(({ name }) => names.includes(name)),
    isWhole: false,
  };
}
