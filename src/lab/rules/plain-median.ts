import type { EpochMs } from '../../oracle/units/time';
import { HeardRule, UNDOCUMENTED_MAX_AGE_MS } from './heard-rule';
import { plainAnswer, type Answer } from './rule';
import { median } from './statistics';

/**
 * The median of the venues' middles, each counting once: the aggregation of Chainlink's OCR
 * (https://docs.chain.link/architecture-overview/off-chain-reporting) and of dYdX v4's price daemon.
 */
export class PlainMedian extends HeardRule {
  readonly name = 'median';

  price(at: EpochMs): Answer {
    return plainAnswer(median(this.books.voices(at, UNDOCUMENTED_MAX_AGE_MS).map(({ middle }) => middle)));
  }
}
