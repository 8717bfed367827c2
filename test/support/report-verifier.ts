import { compactSignature } from '../../src/oracle/reporting/packed-message';
import { deployContract } from './contracts';
import { toHex, type ProvenLeaf, type SignedMessage } from './signed-message';

/** What AssayVerifier reads in a leaf, as far as tests ask; wide integers are bigints. */
export interface OnChainReport {
  readonly decimals: number;
  readonly permits: number;
  readonly price: bigint;
  readonly low: bigint;
  readonly high: bigint;
  readonly hasUsePrices: boolean;
}

export interface DeployedVerifier {
  /** As of now. Rejects with an error that names the contract's own: `Expired`, `NotASigner`, `NoPrice` and so on. */
  verify(message: Pick<SignedMessage, 'header' | 'signature'>, price: ProvenLeaf): Promise<OnChainReport>;
}

const ANY_AGE_MS = 600_000;

/** Puts contracts/src/AssayVerifier.sol on a chain of `startAnvil`, for one signer of one network. */
export async function deployReportVerifier(url: string, signer: string, network: string): Promise<DeployedVerifier> {
  const verifier = await deployContract(url, 'AssayVerifier', [network, signer, 1, [signer], 1]);
  return {
    verify({ header, signature }, { leaf, proof }) {
      const compact = toHex(compactSignature(Buffer.from(signature.slice(2), 'hex')));
      const args = [header, compact, leaf, proof, ANY_AGE_MS, 0];
      return verifier.read('verifyLeaf', args, Math.floor(Date.now() / 1_000));
    },
  };
}
