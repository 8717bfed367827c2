import type { Keccak } from '../../oracle/reporting/keccak';
import { addressOf } from './address';
import type { Secp256k1 } from './secp256k1';
import type { Signer } from './signer';

/** A signer that holds its key in this process: in a field that neither JSON nor an inspecting logger can see. */
export class KeySigner implements Signer {
  readonly address: string;
  readonly #privateKey: Uint8Array;
  readonly #curve: Secp256k1;

  /** Throws RangeError for what is no private key, without repeating it. */
  constructor(privateKey: Uint8Array, curve: Secp256k1, keccak: Keccak) {
    if (!curve.isPrivateKey(privateKey)) {
      throw new RangeError(
        'these bytes are no secp256k1 private key: it has 32 bytes, above zero and below the group order',
      );
    }
    // A copy: `slice` of a Buffer would not be one, and callers wipe theirs.
    this.#privateKey = new Uint8Array(privateKey);
    this.#curve = curve;
    this.address = addressOf(curve.publicKey(privateKey), keccak);
  }

  sign(digest: Uint8Array): Uint8Array {
    return this.#curve.sign(digest, this.#privateKey);
  }
}
