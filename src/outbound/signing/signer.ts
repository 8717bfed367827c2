/** Nest's token for the `Signer` of a process. */
export const SIGNER = Symbol('Signer');

/** The key that stands behind a snapshot. What holds it (this process, another machine) is not the caller's concern. */
export interface Signer {
  /** Checksummed (EIP-55). */
  readonly address: string;
  /** Signs 32 bytes into 65: r, s (the lower of the two), v (27 or 28). The same digest gives the same bytes. */
  sign(digest: Uint8Array): Uint8Array;
}
