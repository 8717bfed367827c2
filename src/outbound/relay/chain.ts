import type { PackedStanding } from '../../oracle/reporting/packed-group';
import type { FeeMarket, Fees } from './fees';

export type Hex = `0x${string}`;

/** A transaction to be sent. */
export interface Push {
  readonly store: Hex;
  /** A packed message (docs/packed.md). */
  readonly message: Uint8Array;
  readonly nonce: number;
  readonly fees: Fees;
  /** Nothing is sent that may use more gas. */
  readonly maxGas: number;
}

export type PushOutcome =
  | { readonly kind: 'sent'; readonly hash: Hex }
  /** The contract would revert, by the name of its error: nothing was sent. */
  | { readonly kind: 'refused'; readonly error: string }
  | { readonly kind: 'overBudget'; readonly gas: number }
  /** Another transaction of this nonce waits already and pays too much to be replaced by this one. */
  | { readonly kind: 'underpriced' }
  /** A transaction of this nonce has been mined meanwhile. */
  | { readonly kind: 'nonceUsed' };

export interface Receipt {
  readonly succeeded: boolean;
  readonly gas: number;
}

/** What the account meets now. */
export interface AccountView extends FeeMarket {
  /** Of the next transaction to be mined: how many have been. */
  readonly nonce: number;
}

/**
 * The port to a chain, for one account. Every method rejects with a short message, free of the addresses of nodes, where
 * none of the chain's nodes answers; the account is left as it was unless `push` may have reached one of them.
 */
export interface Chain {
  readonly account: Hex;
  view(): Promise<AccountView>;
  chainId(): Promise<number>;
  /** By which a store knows its feeds. */
  group(store: Hex): Promise<Hex>;
  /** What a store holds of these feeds; `known` again where it has not changed since. Undefined before the first push. */
  standing(
    store: Hex,
    feeds: readonly string[],
    known: PackedStanding | undefined,
  ): Promise<PackedStanding | undefined>;
  push(push: Push): Promise<PushOutcome>;
  /** Undefined while it is not mined, or never will be. */
  receipt(hash: Hex): Promise<Receipt | undefined>;
  /** Whether a node still has the transaction, mined or waiting. */
  knows(hash: Hex): Promise<boolean>;
}
