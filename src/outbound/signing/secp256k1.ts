/** The curve's arithmetic. Both backends follow RFC 6979 with the lower s, so that they write the same bytes. */
export interface Secp256k1 {
  readonly backend: 'native' | 'noble';
  /** Whether these bytes are a private key: 32 of them, within 1..n-1. */
  isPrivateKey(bytes: Uint8Array): boolean;
  /** Uncompressed: 0x04, x, y. */
  publicKey(privateKey: Uint8Array): Uint8Array;
  /** r, s, and v as 27 or 28. */
  sign(digest: Uint8Array, privateKey: Uint8Array): Uint8Array;
  /** The uncompressed key behind a signature of 65 bytes; undefined for what is none, and for the higher s. */
  recover(digest: Uint8Array, signature: Uint8Array): Uint8Array | undefined;
}

const FIRST_V = 27;

/** The native backend, some twenty times faster, or where its binary does not load, JavaScript. */
export async function loadSecp256k1(): Promise<Secp256k1> {
  try {
    return await loadNative();
  } catch {
    return loadNoble();
  }
}

/** The package's own entry would fall back to slow JavaScript without a word: its bindings are asked for by name. */
export async function loadNative(): Promise<Secp256k1> {
  const { ecdsaRecover, ecdsaSign, privateKeyVerify, publicKeyCreate } = await import('secp256k1/bindings');
  return {
    backend: 'native',
    isPrivateKey: (bytes) => bytes.length === 32 && privateKeyVerify(bytes),
    publicKey: (privateKey) => publicKeyCreate(privateKey, false),
    sign(digest, privateKey) {
      const { signature, recid } = ecdsaSign(digest, privateKey);
      return withV(signature, recid);
    },
    recover: (digest, signature) =>
      recovered(digest, signature, (compact, recovery) => ecdsaRecover(compact, recovery, digest, false)),
  };
}

export async function loadNoble(): Promise<Secp256k1> {
  const { secp256k1 } = await import('@noble/curves/secp256k1');
  return {
    backend: 'noble',
    isPrivateKey: (bytes) => secp256k1.utils.isValidSecretKey(bytes),
    publicKey: (privateKey) => secp256k1.getPublicKey(privateKey, false),
    sign(digest, privateKey) {
      if (digest.length !== 32) throw new RangeError(`a digest has 32 bytes, not ${digest.length}`);
      const signature = secp256k1.sign(digest, privateKey, { lowS: true, prehash: false });
      return withV(signature.toBytes('compact'), signature.recovery);
    },
    recover: (digest, signature) =>
      recovered(digest, signature, (compact, recovery) => {
        const { Signature } = secp256k1;
        // What it is deprecated for exists in the code of 1.9, but not in its types.
        // eslint-disable-next-line @typescript-eslint/no-deprecated
        return Signature.fromBytes(compact, 'compact').addRecoveryBit(recovery).recoverPublicKey(digest).toBytes(false);
      }),
  };
}

function withV(compact: Uint8Array, recovery: number): Uint8Array {
  const signature = new Uint8Array(65);
  signature.set(compact);
  signature[64] = FIRST_V + recovery;
  return signature;
}

/** Half of the group order, rounded down (SEC 2, 2.4.1): the larger of s and n - s is refused, as contracts do. */
const HALF_ORDER = Buffer.from('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0', 'hex');

function recovered(
  digest: Uint8Array,
  signature: Uint8Array,
  recover: (compact: Uint8Array, recovery: 0 | 1) => Uint8Array,
): Uint8Array | undefined {
  const recovery = (signature[64] ?? 0) - FIRST_V;
  if (digest.length !== 32 || signature.length !== 65 || (recovery !== 0 && recovery !== 1)) return undefined;
  if (Buffer.compare(signature.subarray(32, 64), HALF_ORDER) > 0) return undefined;
  try {
    return recover(signature.slice(0, 64), recovery);
  } catch {
    return undefined;
  }
}
