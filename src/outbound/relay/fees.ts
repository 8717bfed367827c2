/** Wei per gas, of EIP-1559 (https://eips.ethereum.org/EIPS/eip-1559). */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/** What the next block asks. */
export interface FeeMarket {
  readonly baseFeePerGas: bigint;
  readonly tipPerGas: bigint;
}

/** Nodes take no replacement that does not raise both fees by a tenth; an eighth is what some of them ask. */
const BUMP = { numerator: 9n, denominator: 8n };

/**
 * Room for the base fee to double, six full blocks, and never more than the cap. Undefined where the cap does not even
 * pay for the next block.
 */
export function feesFor({ baseFeePerGas, tipPerGas }: FeeMarket, cap: bigint): Fees | undefined {
  if (baseFeePerGas + tipPerGas > cap) return undefined;
  return { maxFeePerGas: least(2n * baseFeePerGas + tipPerGas, cap), maxPriorityFeePerGas: tipPerGas };
}

/** Fees that replace a transaction of `earlier` ones in any mempool; undefined where that needs more than the cap. */
export function feesToReplace(earlier: Fees, market: FeeMarket, cap: bigint): Fees | undefined {
  const fresh = feesFor(market, cap);
  const maxFeePerGas = most(raised(earlier.maxFeePerGas), fresh?.maxFeePerGas ?? 0n);
  const maxPriorityFeePerGas = most(raised(earlier.maxPriorityFeePerGas), fresh?.maxPriorityFeePerGas ?? 0n);
  return maxFeePerGas > cap || maxPriorityFeePerGas > maxFeePerGas ? undefined : { maxFeePerGas, maxPriorityFeePerGas };
}

function raised(fee: bigint): bigint {
  return (fee * BUMP.numerator + BUMP.denominator - 1n) / BUMP.denominator;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
