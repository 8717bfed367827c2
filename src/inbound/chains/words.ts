import type { Call, CallAnswer, Hex } from '../reader';

/** Words of the contract ABI: https://docs.soliditylang.org/en/latest/abi-spec.html */

const WORD_DIGITS = 64;

/** The 32-byte words of an answer; undefined where it is not whole words of hex, or the contract reverted. */
export function uintWords(answered: CallAnswer | undefined): readonly bigint[] | undefined {
  if (typeof answered !== 'string' || !/^0x(?:[0-9a-fA-F]{64})+$/.test(answered)) return undefined;
  const count = (answered.length - 2) / WORD_DIGITS;
  return Array.from({ length: count }, (_, index) =>
    BigInt(`0x${answered.slice(2 + index * WORD_DIGITS, 2 + (index + 1) * WORD_DIGITS)}`),
  );
}

/** The one word of an answer that is one word. */
export function uintWord(answered: CallAnswer | undefined): bigint | undefined {
  const words = uintWords(answered);
  return words?.length === 1 ? words[0] : undefined;
}

/** The one word of an answer that is a signed number. */
export function intWord(answered: CallAnswer | undefined): bigint | undefined {
  const word = uintWord(answered);
  return word === undefined ? undefined : BigInt.asIntN(256, word);
}

/** A word that holds an address, in small letters. */
export function addressWord(answered: CallAnswer | undefined): Hex | undefined {
  const word = uintWord(answered);
  return word === undefined || word >= 1n << 160n ? undefined : `0x${word.toString(16).padStart(40, '0')}`;
}

/** Calldata: a selector and words, negative ones in two's complement. */
export function calldata(selector: Hex, ...words: readonly bigint[]): Hex {
  const digits = words.map((word) => BigInt.asUintN(256, word).toString(16).padStart(WORD_DIGITS, '0'));
  return `${selector}${digits.join('')}`;
}

/** Several questions to one contract. */
export function calls(to: Hex, ...data: readonly Hex[]): Call[] {
  return data.map((of) => ({ to, data: of }));
}

/** An answer as a log shows it. */
export function shown(answered: CallAnswer | undefined): string {
  if (answered === undefined) return 'nothing';
  if (typeof answered !== 'string') return `a revert (${answered.reverted})`;
  return answered.length > 20 ? `${answered.slice(0, 20)}… of ${(answered.length - 2) / 2} bytes` : answered;
}
