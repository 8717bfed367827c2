import { PERMITS, type Status } from '../report';
import { toBits } from './bits';

/** What a price leaf claims: numbers on the way out, bigints on the way back. */
export interface PriceClaims {
  readonly status: Status;
  readonly permitBits: number;
  readonly prices: ClaimedPrices<number | bigint> | undefined;
}

export interface ClaimedPrices<Integer> {
  readonly price: Integer;
  readonly low: Integer;
  readonly high: Integer;
  readonly collateral: Integer | undefined;
  readonly liability: Integer | undefined;
}

const RESCUE = toBits(['repay', 'topUp'], PERMITS);
const LIQUIDATE = toBits(['liquidate'], PERMITS);
const ALL = toBits(PERMITS, PERMITS);

/** What each status permits. Only a degraded feed has a choice: wide or thin it may still liquidate. */
const PERMITTED: Readonly<Record<Status, readonly number[]>> = {
  ok: [ALL],
  degraded: [RESCUE, RESCUE | LIQUIDATE],
  grace: [RESCUE],
  warming: [RESCUE],
  halted: [RESCUE],
};

/** What contradicts itself in a price leaf, in words, or undefined. Encoder and decoder refuse by the same rules. */
export function incoherence({ status, permitBits, prices }: PriceClaims): string | undefined {
  if (!PERMITTED[status].includes(permitBits)) {
    return `status ${status} does not go with permits 0b${permitBits.toString(2)}`;
  }
  if (prices === undefined) {
    return status === 'halted' || status === 'warming' ? undefined : `status ${status} needs a price`;
  }
  if (status === 'halted') return 'a halted report carries no price';
  return disorder(prices);
}

function disorder({ price, low, high, collateral, liability }: ClaimedPrices<number | bigint>): string | undefined {
  if (price <= 0) return `price ${price} is not positive`;
  if (low < 0 || low > price || high < price) return `band ${low}..${high} does not hold the price ${price}`;
  if ((collateral === undefined) !== (liability === undefined)) return 'collateral and liability come together';
  if (collateral === undefined || liability === undefined) return undefined;
  if (collateral < 0 || collateral > low) return `collateral ${collateral} is not within 0..${low}, the low price`;
  return liability < high ? `liability ${liability} is below ${high}, the high price` : undefined;
}
