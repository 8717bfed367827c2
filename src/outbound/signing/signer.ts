/** Nest's token for the `Signer` or `RemoteSigner` of a process. */
export const SIGNER = Symbol('Signer');

/** A key in this process: it signs at once. */
export interface Signer {
  /** Checksummed (EIP-55). */
  readonly address: string;
  /** Signs 32 bytes into 65: r, s (the lower of the two), v (27 or 28). The same digest gives the same bytes. */
  sign(digest: Uint8Array): Uint8Array;
}

/** A key on another machine, which hashes what it signs: it is asked, and answers later or not at all. */
export interface RemoteSigner {
  readonly isRemote: true;
  /** Checksummed (EIP-55). */
  readonly address: string;
  /**
   * The signature of the keccak256 of a message, as `Signer` gives it, and proved to be by `address`. Rejects with
   * `RemoteSignerError` in a bounded time.
   */
  sign(message: Uint8Array): Promise<Uint8Array>;
  /** Gives up what is under way and closes its connections. */
  close(): void;
}

/** The key that stands behind a snapshot, wherever it is. */
export type AnySigner = Signer | RemoteSigner;

export function isRemote(signer: AnySigner): signer is RemoteSigner {
  return 'isRemote' in signer;
}
