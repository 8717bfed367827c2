import { SECOND_MS } from '../../../oracle/units/time';
import { refuse, type Hex, type Reader } from '../../reader';
import { addressWord, calldata, calls, shown, uintWord, uintWords } from '../words';
import { priceOfTick } from './price-of-tick';

/**
 * `token0()`, `token1()` and `observe(uint32[])` of a pool, which answers `(int56[] tickCumulatives, uint160[])`:
 * https://docs.uniswap.org/contracts/v3/reference/core/interfaces/pool/IUniswapV3PoolDerivedState
 */
const TOKEN0 = '0x0dfe1681';
const TOKEN1 = '0xd21220a7';
const OBSERVE = '0x883bdbfd';
const DECIMALS = '0x313ce567';

/** Where the ABI puts the two cumulatives: behind two offsets and the array's length. */
const TICKS_AT = 3;

export interface Pool {
  /** `uniswap-v3:ETH/USD` */
  readonly id: string;
  readonly address: Hex;
  /** The tokens of the feed's asset and of the currency that the pool trades it in, in small letters. */
  readonly base: Hex;
  readonly quote: Hex;
  /** The mean is over so long, up to the block. */
  readonly windowMs: number;
}

/**
 * Reads the geometric mean price of a Uniswap v3 pool over a window. The price of the moment (`slot0`) is never asked:
 * whoever trades last in a block decides it. What is traded within one block, and undone in it, leaves the mean as it was.
 */
export function poolReader({ id, address, base, quote, windowMs }: Pool): Reader {
  const seconds = BigInt(Math.floor(windowMs / SECOND_MS));
  /** The window's start and its end, in seconds ago: an array of two behind its offset. */
  const observe = calldata(OBSERVE, 32n, 2n, seconds, 0n);
  return {
    id,
    *read(block) {
      const [token0, token1, observed, baseSays, quoteSays] = yield [
        ...calls(address, TOKEN0, TOKEN1, observe),
        ...calls(base, DECIMALS),
        ...calls(quote, DECIMALS),
      ];
      const tokens = [addressWord(token0), addressWord(token1)];
      const inOrder = tokens[0] === base && tokens[1] === quote;
      if (!inOrder && !(tokens[0] === quote && tokens[1] === base)) {
        return refuse('wrongToken', `${address} trades ${tokens.join(' and ')}, not ${base} and ${quote}`);
      }
      const baseDecimals = Number(uintWord(baseSays) ?? NaN);
      const quoteDecimals = Number(uintWord(quoteSays) ?? NaN);
      if (!(baseDecimals <= 36 && quoteDecimals <= 36)) {
        return refuse('wrongDecimals', `a token of ${address} does not say its decimals`);
      }
      if (typeof observed === 'object') {
        return refuse('reverted', `the pool has no history of ${seconds} s, or none at all: ${observed.reverted}`);
      }
      const words = uintWords(observed);
      if (words?.length !== 8)
        return refuse('wrongShape', `${shown(observed)} is not two arrays of two; is it a pool?`);
      const [before = 0n, after = 0n] = words.slice(TICKS_AT, TICKS_AT + 2).map((word) => BigInt.asIntN(56, word));
      const meanTick = Number(after - before) / Number(seconds);
      const value = priceOfTick(inOrder ? meanTick : -meanTick, baseDecimals - quoteDecimals);
      return value === undefined
        ? refuse('wrongShape', `a mean tick of ${meanTick} is beyond what a pool can have`)
        : { kind: 'read', value, updatedAt: block.at };
    },
  };
}
