import type { Configuration } from '../../platform/config/configuration';
import type { Check } from '../scoring/judge';

/** A fault that is not one of prices, played by a script of its own. It needs no rule but Assay. */
export interface Proof {
  readonly name: string;
  readonly about: string;
  readonly prove: (configuration: Configuration) => readonly Check[] | Promise<readonly Check[]>;
}

/** Whether all of so many attempts ended as they had to. */
export function allOf(required: string, seen: readonly boolean[]): Check {
  const held = seen.filter(Boolean).length;
  return { required: `${required}: all`, seen: `${required}: ${held} of ${seen.length}`, met: held === seen.length };
}

export function isSo(required: string, met: boolean, seen: string): Check {
  return { required, seen, met };
}
