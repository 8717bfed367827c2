import type { Address, TransactionSerializable } from 'viem' with { 'resolution-mode': 'import' };
import type { PackedStanding } from '../../oracle/reporting/packed-group';
import { SECOND_MS } from '../../oracle/units/time';
import { isRemote, type AnySigner } from '../signing/signer';
import type { Chain, Hex, Push, PushOutcome } from './chain';

const TIMEOUT_MS = 5 * SECOND_MS;
const MAX_MESSAGE_LENGTH = 200;

/** As much of contracts/src/AssayStore.sol as a relayer needs. */
const STORE_ABI = [
  'function push(bytes message)',
  'function group() view returns (bytes32)',
  'function latestCut() view returns (uint64)',
  'function lastKnown(bytes32 feed) view returns ((uint64 cut, uint64 observedAtMs, uint8 status, uint8 decimals, bool hasUsePrices, uint256 price, uint256 low, uint256 high, uint256 collateral, uint256 liability))',
  'error NoPrice(bytes32 feed, uint8 status)',
  'error NotNewer(uint256 cut, uint256 stored)',
  'error BadLength(uint256 length)',
  'error CutsDiffer()',
  'error Expired(uint256 validUntil, uint256 nowMs)',
  'error FutureCut(uint256 cut, uint256 nowMs)',
  'error TooEarly(uint256 cut, uint256 minCut)',
  'error TooOld(uint256 atMs, uint256 maxAgeMs, uint256 nowMs)',
  'error EpochNotInForce(uint256 epoch)',
  'error WrongSignatureCount(uint256 given, uint256 threshold)',
  'error MalleableSignature()',
  'error BadSignature()',
  'error UnsortedSignatures()',
  'error NotASigner(address recovered)',
  'error SignerRevoked(address signer)',
] as const;

/** What nodes say of a transaction that they do not take: geth, and those that keep to its words. */
const UNDERPRICED = /underpriced/i;
const ALREADY_KNOWN = /already (known|imported)/i;
const NONCE_USED = /nonce too low/i;

/** A chain by its JSON-RPC nodes, in the order in which they are asked; the next one is asked where one fails. */
export async function openChain(rpcUrls: readonly string[], signer: AnySigner): Promise<Chain> {
  const viem = await import('viem');
  const { encodeFunctionData, keccak256, parseAbi, serializeTransaction, stringToHex } = viem;
  const abi = parseAbi(STORE_ABI);
  const nodes = rpcUrls.map((url) => viem.http(url, { timeout: TIMEOUT_MS, retryCount: 0, batch: true }));
  const client = viem.createPublicClient({ transport: viem.fallback(nodes, { retryCount: 0 }), cacheTime: 0 });
  const account = signer.address as Address;
  let id: number | undefined;

  /** The `message` of viem's errors names the address of the node. */
  const plain = (error: unknown): Error => {
    const said = error instanceof viem.BaseError ? `${error.shortMessage} ${error.details}` : String(error);
    const free = rpcUrls.reduce((text, url) => text.replaceAll(url, 'the node'), said);
    return new Error(free.trim().slice(0, MAX_MESSAGE_LENGTH));
  };
  const asked = async <Answer>(question: Promise<Answer>): Promise<Answer> => {
    try {
      return await question;
    } catch (error) {
      throw plain(error);
    }
  };
  /** The contract's own error behind a failure, decoded; undefined where the contract is not to blame. */
  const refusal = (error: unknown): { readonly name: string; readonly args: readonly unknown[] } | undefined => {
    if (!(error instanceof viem.BaseError)) return undefined;
    const revert = error.walk((cause) => revertData(cause) !== undefined);
    const data = revertData(revert);
    if (data === undefined) {
      const reverted = error.walk((cause) => cause instanceof viem.ExecutionRevertedError);
      return reverted === null ? undefined : { name: 'reverted', args: [] };
    }
    try {
      const { errorName, args } = viem.decodeErrorResult({ abi, data });
      return { name: errorName, args };
    } catch {
      return { name: data.slice(0, 10), args: [] };
    }
  };
  const lastKnown = async (address: Hex, feed: string): Promise<PackedStanding['feeds'][number]> => {
    const args = [stringToHex(feed, { size: 32 })] as const;
    try {
      const { status, price } = await client.readContract({ abi, address, functionName: 'lastKnown', args });
      return { status, price: Number(price) };
    } catch (error) {
      const refused = refusal(error);
      if (refused?.name !== 'NoPrice') throw plain(error);
      return { status: Number(refused.args[1]), price: undefined };
    }
  };
  const signed = async (transaction: TransactionSerializable): Promise<Hex> => {
    const unsigned = viem.hexToBytes(serializeTransaction(transaction));
    const signature = isRemote(signer) ? await signer.sign(unsigned) : signer.sign(keccak256(unsigned, 'bytes'));
    return serializeTransaction(transaction, {
      r: viem.toHex(signature.subarray(0, 32)),
      s: viem.toHex(signature.subarray(32, 64)),
      yParity: (signature[64] ?? 27) - 27,
    });
  };

  return {
    account,
    async view() {
      const [nonce, block, tipPerGas] = await asked(
        Promise.all([
          client.getTransactionCount({ address: account, blockTag: 'latest' }),
          client.getBlock({ blockTag: 'latest' }),
          client.estimateMaxPriorityFeePerGas(),
        ]),
      );
      return { nonce, baseFeePerGas: block.baseFeePerGas ?? 0n, tipPerGas };
    },
    chainId: () => asked(client.getChainId()),
    group: (address) => asked(client.readContract({ abi, address, functionName: 'group' })),
    async standing(address, feeds, known) {
      const cut = Number(await asked(client.readContract({ abi, address, functionName: 'latestCut' })));
      if (cut === 0) return undefined;
      if (cut === known?.cut) return known;
      return { cut, feeds: await Promise.all(feeds.map((feed) => lastKnown(address, feed))) };
    },
    async push({ store, message, nonce, fees, maxGas }: Push): Promise<PushOutcome> {
      const data = encodeFunctionData({ abi, functionName: 'push', args: [viem.toHex(message)] });
      let estimate: number;
      try {
        // Not upon what waits, which this may replace: a store filled by it would look cheaper than it is.
        estimate = Number(await client.estimateGas({ account, to: store, data, blockTag: 'latest' }));
      } catch (error) {
        const refused = refusal(error);
        if (refused === undefined) throw plain(error);
        return { kind: 'refused', error: refused.name };
      }
      // What is estimated is what is used, but for a slot that another push fills meanwhile.
      const gas = Math.ceil(estimate * 1.25);
      if (gas > maxGas) return { kind: 'overBudget', gas };
      id ??= await asked(client.getChainId());
      const raw = await signed({ type: 'eip1559', chainId: id, to: store, data, nonce, gas: BigInt(gas), ...fees });
      try {
        await client.sendRawTransaction({ serializedTransaction: raw });
      } catch (error) {
        const { message: said } = plain(error);
        if (UNDERPRICED.test(said)) return { kind: 'underpriced' };
        if (NONCE_USED.test(said)) return { kind: 'nonceUsed' };
        if (!ALREADY_KNOWN.test(said)) throw plain(error);
      }
      return { kind: 'sent', hash: keccak256(raw) };
    },
    async receipt(hash) {
      try {
        const { status, gasUsed } = await client.getTransactionReceipt({ hash });
        return { succeeded: status === 'success', gas: Number(gasUsed) };
      } catch (error) {
        if (error instanceof viem.TransactionReceiptNotFoundError) return undefined;
        throw plain(error);
      }
    },
    async knows(hash) {
      try {
        await client.getTransaction({ hash });
        return true;
      } catch (error) {
        if (error instanceof viem.TransactionNotFoundError) return false;
        throw plain(error);
      }
    },
  };
}

function revertData(cause: unknown): Hex | undefined {
  if (typeof cause !== 'object' || cause === null || !('data' in cause)) return undefined;
  return typeof cause.data === 'string' && cause.data.startsWith('0x') ? (cause.data as Hex) : undefined;
}
