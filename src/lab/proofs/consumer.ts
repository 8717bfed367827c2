import { secp256k1 } from '@noble/curves/secp256k1';
import type { Header } from '../../oracle/cut';
import { HeaderDigest } from '../../oracle/reporting/header-digest';
import type { Keccak } from '../../oracle/reporting/keccak';
import { decodePriceLeaf, type PriceLeaf } from '../../oracle/reporting/price-leaf';
import { verifyProof } from '../../oracle/reporting/snapshot-tree';
import { TICK_MS, type EpochMs } from '../../oracle/units/time';

/** One feed's price as it is handed on: believed by nobody until it is verified. */
export interface Presented {
  readonly header: Header;
  /** r, s, v. */
  readonly signature: Uint8Array;
  readonly leaf: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

export interface ConsumerOptions {
  readonly network: string;
  readonly feed: string;
  /** 20 bytes. */
  readonly signer: Uint8Array;
  readonly epoch: number;
  readonly keccak: Keccak;
}

/** What was presented was believed, or the reason why not. */
export type Believed = { readonly price: PriceLeaf } | { readonly refused: string };

/** Older than this, a price opens no new risk; past its `validUntil` it is no price at all. */
export const FRESH_FOR_MS = 2_000;

/** A consumer who does what docs/report.md asks of one: the client's verifier says the same (a test holds them together). */
export class Consumer {
  private readonly digest: HeaderDigest;
  private newest = -Infinity;

  constructor(private readonly options: ConsumerOptions) {
    this.digest = new HeaderDigest(options.network, options.keccak);
  }

  /** Takes a price that is newer than all it took before; `now` is the consumer's own clock. */
  take({ header, signature, leaf, proof }: Presented, now: EpochMs, maxAgeMs = FRESH_FOR_MS): Believed {
    const { keccak, epoch, feed } = this.options;
    if (now > header.validUntil) return { refused: 'Expired' };
    if (header.cut < this.newest) return { refused: 'TooEarly' };
    if (header.cut * TICK_MS + maxAgeMs < now) return { refused: 'TooOld' };
    if (header.signerEpoch !== epoch) return { refused: 'EpochNotInForce' };
    if (!this.isSigned(header, signature)) return { refused: 'NotASigner' };
    if (!verifyProof(leaf, proof, header.root, keccak)) return { refused: 'NotInRoot' };
    const price = decodePriceLeaf(leaf);
    if (price.feed !== feed) return { refused: 'OtherFeed' };
    this.newest = header.cut;
    return { price };
  }

  private isSigned(header: Header, signature: Uint8Array): boolean {
    const { keccak, signer } = this.options;
    const parity = (signature[64] ?? 0) - 27;
    const recovered = secp256k1.Signature.fromBytes(signature.slice(0, 64), 'compact')
      .addRecoveryBit(parity)
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- what replaces it is not among the package's types
      .recoverPublicKey(this.digest.of(header));
    return Buffer.compare(addressOf(recovered.toBytes(false), keccak), signer) === 0;
  }
}

/** Of a public key of 65 bytes. */
export function addressOf(publicKey: Uint8Array, keccak: Keccak): Uint8Array {
  return keccak(publicKey.subarray(1)).slice(12);
}
