import type { Keccak } from '../../oracle/reporting/keccak';
import { isRemote, type AnySigner } from './signer';

/** Signs what a member of a quorum says: at once where its key is here, later or never where it is not. */
export interface StatementSigner {
  /** Checksummed (EIP-55). */
  readonly address: string;
  /** Signs a message as `Statements` writes it. Whoever uses the signature asks himself whether it is still wanted. */
  signThen(message: Uint8Array, use: (signature: Uint8Array) => void): void;
}

/** Told what became of each signature that a remote signer was asked for. */
export interface SigningOutcomes {
  signed(): void;
  failed(error: unknown): void;
}

/** @param outcomes of a remote signer: a key that is here does not fail */
export function statementSigner(signer: AnySigner, keccak: Keccak, outcomes?: SigningOutcomes): StatementSigner {
  const { address } = signer;
  if (!isRemote(signer)) return { address, signThen: (message, use) => use(signer.sign(keccak(message))) };
  const sign = async (message: Uint8Array, use: (signature: Uint8Array) => void): Promise<void> => {
    let signature: Uint8Array;
    try {
      signature = await signer.sign(message);
    } catch (error) {
      outcomes?.failed(error);
      return;
    }
    outcomes?.signed();
    use(signature);
  };
  return { address, signThen: (message, use) => void sign(message, use) };
}
