import type { EpochMs } from '../../oracle/units/time';
import { HeardRule, UNDOCUMENTED_MAX_AGE_MS } from './heard-rule';
import { plainAnswer, type Answer } from './rule';
import { clamped, mean, median } from './statistics';

const CLAMP = 0.03;

/**
 * Three venues or more are moved to within 3 % of their median and averaged; two are averaged as they are; one is
 * believed (OKX's notice of 2023-10-14 on its spot indices; https://okx.com/help/i-spot-index-prices gives 2 % since).
 */
export class Okx extends HeardRule {
  readonly name = 'okx';

  price(at: EpochMs): Answer {
    const middles = this.books.voices(at, UNDOCUMENTED_MAX_AGE_MS).map(({ middle }) => middle);
    const centre = median(middles);
    if (centre === undefined) return plainAnswer(undefined);
    return plainAnswer(mean(middles.length >= 3 ? clamped(middles, centre, CLAMP) : middles));
  }
}
