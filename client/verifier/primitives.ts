import { secp256k1 } from '@noble/curves/secp256k1';
import { keccak256 } from 'viem';

/** The two functions that a verifier needs and does not bring, so that it runs wherever they do. */
export interface Primitives {
  /** Keccak-256 as Ethereum uses it: 32 bytes. */
  keccak(data: Uint8Array): Uint8Array;
  /** The uncompressed public key, 65 bytes, or undefined where r and s are no signature. */
  recover(digest: Uint8Array, rs: Uint8Array, odd: boolean): Uint8Array | undefined;
}

/** In JavaScript alone: for a browser, and for some hundred signatures a second. */
export const plainPrimitives: Primitives = {
  keccak: (data) => keccak256(data, 'bytes'),
  recover(digest, rs, odd) {
    try {
      const signature = secp256k1.Signature.fromBytes(rs, 'compact').addRecoveryBit(odd ? 1 : 0);
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- what replaces it is not among the package's types
      return signature.recoverPublicKey(digest).toBytes(false);
    } catch {
      return undefined;
    }
  },
};
