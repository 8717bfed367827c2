import { randomUUID } from 'node:crypto';

/** What other tools add: ethers a counter of its phrase, Parity a name and notes. None of it says anything of the key. */
const ADDED = ['x-ethers', 'name', 'meta'];

/**
 * A keystore of version 3 as other tools write it, in the words of the standard: ethers writes `Crypto`, some give no id.
 * What is no JSON object is returned as it is, for the reader of keystores to refuse.
 */
export function inStandardWords(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return text;
  const { Crypto, ...rest } = value as { Crypto?: unknown; crypto?: unknown };
  const kept = Object.entries({ id: randomUUID(), ...rest }).filter(([key]) => !ADDED.includes(key));
  return JSON.stringify({ ...(Crypto !== undefined && { crypto: Crypto }), ...Object.fromEntries(kept) });
}
