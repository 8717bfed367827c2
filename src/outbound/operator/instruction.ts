import { z } from 'zod';
import type { Keccak } from '../../oracle/reporting/keccak';
import type { OperatorInstruction } from '../../recording/event';
import { addressOf } from '../signing/address';

const feed = z.string().min(1).max(31);
const common = {
  by: z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hex digits'),
  why: z.string().min(1).max(500),
  issuedAt: z.int().nonnegative(),
  signature: z.string().regex(/^0x[0-9a-fA-F]{128}(1b|1c)$/i, 'must be r, s and v (27 or 28): 0x and 130 hex digits'),
};

/** What `POST /v1/operator` takes: exactly one of `halt` and `resume` names a feed. */
export const instructionSchema = z.union([
  z.strictObject({ halt: feed, ...common }),
  z.strictObject({ resume: feed, ...common }),
]);

const WORD = 32;
const DOMAIN_TYPE = 'EIP712Domain(string name,string version,bytes32 salt)';
const INSTRUCTION_TYPE = 'Instruction(string action,string feed,string why,uint64 issuedAt)';
const NAME = 'Assay Operator';
const VERSION = '1';

/** What an operator signs: the EIP-712 digest of an instruction (https://eips.ethereum.org/EIPS/eip-712). */
export class InstructionDigest {
  private readonly domain: Uint8Array;
  private readonly type: Uint8Array;

  constructor(
    network: string,
    private readonly keccak: Keccak,
  ) {
    this.domain = keccak(Buffer.concat([DOMAIN_TYPE, NAME, VERSION, network].map((text) => this.hash(text))));
    this.type = this.hash(INSTRUCTION_TYPE);
  }

  /** 32 bytes. Throws RangeError when `issuedAt` is no whole number of milliseconds. */
  of(instruction: Omit<OperatorInstruction, 'by' | 'signature'>): Uint8Array {
    const { halt, resume = '', why, issuedAt } = instruction;
    const issued = Buffer.alloc(WORD);
    issued.writeBigUInt64BE(BigInt(issuedAt), WORD - 8);
    const said = [halt === undefined ? 'resume' : 'halt', halt ?? resume, why].map((text) => this.hash(text));
    const struct = this.keccak(Buffer.concat([this.type, ...said, issued]));
    return this.keccak(Buffer.concat([Buffer.of(0x19, 0x01), this.domain, struct]));
  }

  private hash(text: string): Uint8Array {
    return this.keccak(Buffer.from(text));
  }
}

/** The checksummed address whose key signed the digest, or undefined where no key could have given this signature. */
export async function recoverAddress(
  digest: Uint8Array,
  signature: string,
  keccak: Keccak,
): Promise<string | undefined> {
  const { secp256k1 } = await import('@noble/curves/secp256k1');
  const bytes = Buffer.from(signature.slice(2), 'hex');
  const recovery = Buffer.of((bytes[64] ?? 0) - 27);
  try {
    const recoverable = secp256k1.Signature.fromBytes(Buffer.concat([recovery, bytes.subarray(0, 64)]), 'recovered');
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- its successor is not on the curve of this version
    return addressOf(recoverable.recoverPublicKey(digest).toBytes(false), keccak);
  } catch {
    return undefined;
  }
}
