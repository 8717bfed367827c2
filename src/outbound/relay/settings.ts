import type { Hex } from './chain';
import type { PushPolicy } from './decide';

export interface StoreSettings extends PushPolicy {
  /** Name of the group, and its feeds in the order of their places. */
  readonly group: string;
  readonly feeds: readonly string[];
  readonly address: Hex;
  /** Due for so long and still not told: worth an alert. */
  readonly lateAfterMs: number;
}

/** One chain and the account that pushes there. */
export interface CarrierSettings {
  readonly chain: string;
  readonly blockMs: number;
  readonly maxFeePerGas: bigint;
  /** A transaction that has waited so long is replaced. */
  readonly replaceAfterMs: number;
  readonly stores: readonly StoreSettings[];
}
