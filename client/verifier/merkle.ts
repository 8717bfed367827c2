import { compare, concat } from './bytes';
import type { Primitives } from './primitives';

/** The root over a leaf's hash and its siblings, each pair hashed with the smaller first. */
export function climb(
  leafHash: Uint8Array,
  proof: readonly Uint8Array[],
  { keccak }: Pick<Primitives, 'keccak'>,
): Uint8Array {
  return proof.reduce((a, b) => keccak(compare(a, b) < 0 ? concat(a, b) : concat(b, a)), leafHash);
}
