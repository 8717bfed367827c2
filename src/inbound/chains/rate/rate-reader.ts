import { formatMantissa } from '../../../oracle/units/decimal';
import { refuse, type CallAnswer, type Hex, type Reader, type ReadOutcome } from '../../reader';
import { addressWord, calldata, calls, shown, uintWord } from '../words';

/** `decimals()` of ERC-20, and `asset()` and `convertToAssets(uint256)` of https://eips.ethereum.org/EIPS/eip-4626 */
const DECIMALS = '0x313ce567';
const ASSET = '0x38d52e0f';
const CONVERT_TO_ASSETS = '0x07a2d13a';

export interface RateView {
  /** `rate:WSTETH/USD` */
  readonly id: string;
  readonly address: Hex;
  /** Of the view without arguments that gives the rate: `0x035faf82` for `stEthPerToken()`. */
  readonly selector: Hex;
  /** Of its answer. */
  readonly decimals: number;
}

/** Reads a rate that a contract gives by one view without arguments. */
export function rateReader({ id, address, selector, decimals }: RateView): Reader {
  return {
    id,
    *read(block) {
      const [rate] = yield calls(address, selector);
      return rateOf(rate, decimals, block.at);
    },
  };
}

export interface Vault {
  /** `erc4626:SDAI/USD` */
  readonly id: string;
  readonly address: Hex;
  /** The asset that the vault must hold, in small letters. */
  readonly asset: Hex;
}

/** Reads what one whole share of an ERC-4626 vault converts to. Refuses a vault of another asset than was configured. */
export function vaultReader({ id, address, asset }: Vault): Reader {
  return {
    id,
    *read(block) {
      const [shareDecimals, holds] = yield calls(address, DECIMALS, ASSET);
      const decimals = uintWord(shareDecimals);
      if (decimals === undefined || decimals > 36n) {
        return refuse('wrongDecimals', `${address} says ${shown(shareDecimals)} of its decimals; is it a vault?`);
      }
      if (addressWord(holds) !== asset) {
        return refuse('wrongToken', `${address} holds ${shown(holds)}, not ${asset}; is it the vault?`);
      }
      const whole = calldata(CONVERT_TO_ASSETS, 10n ** decimals);
      const [assets, assetDecimals] = yield [...calls(address, whole), ...calls(asset, DECIMALS)];
      const digits = uintWord(assetDecimals);
      if (digits === undefined || digits > 36n) {
        return refuse('wrongDecimals', `${asset} says ${shown(assetDecimals)} of its decimals; is it a token?`);
      }
      return rateOf(assets, Number(digits), block.at);
    },
  };
}

/** Of what a contract computes at each call the age counts from the block. */
function rateOf(answered: CallAnswer | undefined, decimals: number, updatedAt: number): ReadOutcome {
  if (typeof answered === 'object') return refuse('reverted', `the rate reverted: ${answered.reverted}`);
  const rate = uintWord(answered);
  if (rate === undefined) return refuse('wrongShape', `${shown(answered)} is not one word; is this a rate?`);
  if (rate === 0n) return refuse('notPositive', 'the rate is 0');
  return { kind: 'read', value: formatMantissa(rate, decimals), updatedAt };
}
