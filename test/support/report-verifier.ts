import type { SignedMessage, ProvenLeaf } from './signed-message';
import { compileSolidity } from './anvil';

/** What contracts/src/AssayReportVerifier.sol gives back; wide integers are bigints. */
export interface OnChainReport {
  readonly feed: string;
  readonly assetVersion: number;
  readonly decimals: number;
  readonly cut: number;
  readonly sequence: number;
  readonly status: number;
  readonly permits: number;
  readonly reasons: number;
  readonly observedAt: number;
  readonly price: bigint;
  readonly low: bigint;
  readonly high: bigint;
  readonly hasUsePrices: boolean;
  readonly collateral: bigint;
  readonly liability: bigint;
}

export interface DeployedVerifier {
  /** Rejects with an error that names the contract's own: `Expired`, `BadSignature`, `NoPrice` and so on. */
  verify(message: Pick<SignedMessage, 'header' | 'signature'>, price: ProvenLeaf): Promise<OnChainReport>;
  /** Gas of the call, without the 21,000 of a transaction of its own. */
  gasOf(message: Pick<SignedMessage, 'header' | 'signature'>, price: ProvenLeaf): Promise<bigint>;
}

/** Puts the verifier on a chain of `startAnvil`, for one signer of one network. */
export async function deployReportVerifier(url: string, signer: string, network: string): Promise<DeployedVerifier> {
  const { createPublicClient, createWalletClient, getAddress, http } = await import('viem');
  const { AssayReportVerifier } = await compileSolidity(['src/AssayReportVerifier.sol']);
  if (AssayReportVerifier === undefined) throw new Error('contracts/src has no AssayReportVerifier');
  const { abi, bytecode } = AssayReportVerifier;

  const transport = http(url);
  const client = createPublicClient({ transport, pollingInterval: 20 });
  const wallet = createWalletClient({ transport });
  const [account] = await wallet.getAddresses();
  if (account === undefined) throw new Error(`the chain at ${url} has no account of its own to deploy from`);
  const hash = await wallet.deployContract({
    abi,
    bytecode,
    account,
    chain: null,
    args: [getAddress(signer), network],
  });
  const { contractAddress } = await client.waitForTransactionReceipt({ hash });
  if (!contractAddress) throw new Error(`${hash} deployed nothing`);

  const call = ({ header, signature }: Pick<SignedMessage, 'header' | 'signature'>, { leaf, proof }: ProvenLeaf) => ({
    abi,
    address: contractAddress,
    functionName: 'verify',
    args: [{ ...header, cut: BigInt(header.cut), validUntil: BigInt(header.validUntil) }, signature, leaf, proof],
  });
  return {
    verify: async (message, price) => (await client.readContract(call(message, price))) as OnChainReport,
    gasOf: async (message, price) => (await client.estimateContractGas({ ...call(message, price), account })) - 21_000n,
  };
}
