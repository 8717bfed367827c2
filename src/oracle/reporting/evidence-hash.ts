import type { Header } from '../cut';
import type { Keccak } from './keccak';
import { TypedStruct } from './typed-struct';

/** What a header says beside its packed root. */
export const EVIDENCE_TYPE = 'Evidence(bytes32 root,bytes32 riskRoot,bytes32 configHash)';

/** One hash for all of a header that a contract which stores packed prices does not read. Not reentrant. */
export class EvidenceHash {
  private readonly struct: TypedStruct;

  constructor(keccak: Keccak) {
    this.struct = new TypedStruct(EVIDENCE_TYPE, 3, keccak);
  }

  of({ root, riskRoot, configHash }: Pick<Header, 'root' | 'riskRoot' | 'configHash'>): Uint8Array {
    return this.struct.hash(0, root).hash(1, riskRoot).hash(2, configHash).digest();
  }
}
