import type { RiskTree } from './reporting/risk-tree';
import { SECOND_MS, type EpochMs } from './units/time';

/** Some two milliseconds' worth; the risk of 33 feeds has fewer. */
const LEAVES_A_SECOND = 200;

/**
 * Risk that was taken for one cut and is published with it where it is small. What is larger is written over the seconds
 * that follow, so that no cut carries all of it, and published with the cut that writes the last of it. How many cuts lie
 * between changes nothing.
 */
export class ComingRisk {
  constructor(
    readonly tree: RiskTree,
    readonly takenAt: EpochMs,
  ) {}

  /** The whole tree, as soon as the time for all of it has passed. */
  at(instant: EpochMs): RiskTree | undefined {
    const leaves = LEAVES_A_SECOND * (1 + (instant - this.takenAt) / SECOND_MS);
    this.tree.write(leaves);
    return leaves >= this.tree.size ? this.tree : undefined;
  }
}
