import type { EpochMs } from '../../oracle/units/time';
import { HeardRule } from './heard-rule';
import { plainAnswer, type Answer } from './rule';
import { clamped, mean, median } from './statistics';

const MAX_AGE_MS = 3 * 60_000;
const CLAMP = 0.005;

/**
 * Venues silent for three minutes are out; the others are moved to within 0.5 % of their median and averaged, each
 * counting the same (https://insights.deribit.com/exchange-updates/new-deribit-index/, and the support article
 * 25944739377309). Its external benchmark, which may lock the platform, has no published limit and is left out.
 */
export class Deribit extends HeardRule {
  readonly name = 'deribit';

  price(at: EpochMs): Answer {
    const middles = this.books.voices(at, MAX_AGE_MS).map(({ middle }) => middle);
    const centre = median(middles);
    return plainAnswer(centre === undefined ? undefined : mean(clamped(middles, centre, CLAMP)));
  }
}
