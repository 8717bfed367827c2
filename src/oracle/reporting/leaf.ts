/** First byte of a leaf. */
export const LEAF_KIND = {
  price: 0x01,
  figures: 0x02,
  packed: 0x03,
  horizon: 0x04,
  margin: 0x05,
  dependence: 0x06,
} as const;

/** Bytes that are no leaf of ours: the message says which field, what stood there and what may stand there. */
export class MalformedLeaf extends Error {
  override readonly name = 'MalformedLeaf';
}

/** Position of a feed's price in the Merkle tree. */
export function priceLeafIndex(feed: number): number {
  return 2 * feed;
}

/** Position of a feed's figures in the Merkle tree. */
export function figuresLeafIndex(feed: number): number {
  return 2 * feed + 1;
}
