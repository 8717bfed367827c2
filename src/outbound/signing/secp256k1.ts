/** The curve's arithmetic. Both backends follow RFC 6979 with the lower s, so that they write the same bytes. */
export interface Secp256k1 {
  readonly backend: 'native' | 'noble';
  /** Whether these bytes are a private key: 32 of them, within 1..n-1. */
  isPrivateKey(bytes: Uint8Array): boolean;
  /** Uncompressed: 0x04, x, y. */
  publicKey(privateKey: Uint8Array): Uint8Array;
  /** r, s, and v as 27 or 28. */
  sign(digest: Uint8Array, privateKey: Uint8Array): Uint8Array;
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
  const { ecdsaSign, privateKeyVerify, publicKeyCreate } = await import('secp256k1/bindings');
  return {
    backend: 'native',
    isPrivateKey: (bytes) => bytes.length === 32 && privateKeyVerify(bytes),
    publicKey: (privateKey) => publicKeyCreate(privateKey, false),
    sign(digest, privateKey) {
      const { signature, recid } = ecdsaSign(digest, privateKey);
      return withV(signature, recid);
    },
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
  };
}

function withV(compact: Uint8Array, recovery: number): Uint8Array {
  const signature = new Uint8Array(65);
  signature.set(compact);
  signature[64] = FIRST_V + recovery;
  return signature;
}
