import { lyingNode, type ReadNodes } from './lying-node';
import { missingLeg } from './missing-leg';
import type { Proof } from './proof';
import { replayedSnapshots } from './replayed-snapshots';

export const PROOF_NAMES: readonly string[] = ['missingLeg', 'lyingNode', 'replayedSnapshots'];

/** Faults that are not of prices, each by a script of its own. `readNodes` is how the live service reads a chain. */
export function allProofs(readNodes: ReadNodes): readonly Proof[] {
  return [missingLeg, lyingNode(readNodes), replayedSnapshots];
}
