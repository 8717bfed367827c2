/** The big-endian number in `bytes[from, to)`. */
export function bigintAt(bytes: Uint8Array, from: number, to: number): bigint {
  let value = 0n;
  for (const byte of bytes.subarray(from, to)) value = (value << 8n) | BigInt(byte);
  return value;
}

/** The same up to six bytes, exact as a number. */
export function numberAt(bytes: Uint8Array, from: number, to: number): number {
  return Number(bigintAt(bytes, from, to));
}

/** `value` big-endian in a word of 32 bytes. */
export function wordOf(value: bigint | number): Uint8Array {
  const word = new Uint8Array(32);
  let rest = BigInt(value);
  for (let at = 31; at >= 0; at -= 1, rest >>= 8n) word[at] = Number(rest & 0xffn);
  return word;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? 0);
}
