export const FEED_ID_BYTES = 32;

/** A feed's name as a bytes32: ASCII, zeros on its right. Throws RangeError for a name that does not fit. */
export function encodeFeedId(id: string): Uint8Array {
  if (!/^[\x21-\x7e]{1,31}$/.test(id)) {
    throw new RangeError(`feed id "${id}" is not 1 to 31 printable ASCII characters without a space`);
  }
  const bytes = new Uint8Array(FEED_ID_BYTES);
  for (let at = 0; at < id.length; at += 1) bytes[at] = id.charCodeAt(at);
  return bytes;
}

/** The name in a bytes32, or undefined if `encodeFeedId` never writes these bytes. */
export function decodeFeedId(bytes: Uint8Array): string | undefined {
  const text = String.fromCharCode(...bytes);
  const id = /^([\x21-\x7e]{1,31})\0+$/.exec(text)?.[1];
  return bytes.length === FEED_ID_BYTES ? id : undefined;
}
