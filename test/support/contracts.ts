import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Abi, Address, Hex } from 'viem' with { 'resolution-mode': 'import' };
import { compileSolidity, type CompiledContract } from './anvil';

const CONTRACTS = resolve(__dirname, '../../contracts');

/** Where the compiled contracts stand that tests deploy; a mutation check brings its own. */
export const ARTIFACTS = process.env['ASSAY_ARTIFACTS'] ?? join(CONTRACTS, 'artifacts');

/** Everything that ships and the token of tests, by the settings that ship: no metadata, so that the same source gives the same bytes. */
export async function compileContracts(
  instead: Readonly<Record<string, string>> = {},
): Promise<Record<string, CompiledContract>> {
  const settings = {
    viaIR: true,
    optimizer: { enabled: true, runs: 1_000_000 },
    metadata: { bytecodeHash: 'none', appendCBOR: false },
  };
  const compiled = await compileSolidity(contractSources(), settings, instead);
  // A library of internal functions, an abstract contract and an interface are not deployed.
  return Object.fromEntries(Object.entries(compiled).filter(([, { bytecode }]) => bytecode.length > 200));
}

export function contractSources(): string[] {
  const folders = ['src', 'examples'].map((folder) =>
    readdirSync(join(CONTRACTS, folder)).map((file) => `${folder}/${file}`),
  );
  return [...folders.flat(), 'mocks/Token.sol'];
}

/** Given, as an estimate would be a second run of every transaction. */
const GAS = 10_000_000n;

/** A contract on a chain of `startAnvil`. */
export interface Deployed {
  readonly address: Address;
  readonly abi: Abi;
  /** What the call returns, as of a block of this second. Rejects with the name of the contract's own error first. */
  read<Result>(functionName: string, args: readonly unknown[], second: number): Promise<Result>;
  /** Mines the transaction and returns the gas it used. Rejects like `read`. From the chain's first account unless told. */
  send(functionName: string, args: readonly unknown[], from?: Address): Promise<bigint>;
}

export async function deployContract(url: string, name: string, args: readonly unknown[]): Promise<Deployed> {
  const { createPublicClient, createWalletClient, encodeDeployData, http } = await import('viem');
  const { abi, bytecode } = JSON.parse(readFileSync(join(ARTIFACTS, `${name}.json`), 'utf8')) as CompiledContract;
  const transport = http(url, { batch: true });
  const client = createPublicClient({ transport, pollingInterval: 20 });
  const wallet = createWalletClient({ transport });
  const [account] = await wallet.getAddresses();
  if (account === undefined) throw new Error(`the chain at ${url} has no account of its own to deploy from`);

  const mined = async (hash: Hex): Promise<{ contractAddress?: Address | null | undefined; gasUsed: bigint }> => {
    const receipt = await client.waitForTransactionReceipt({ hash });
    if (receipt.status !== 'success') throw new Error(`${hash} was reverted`);
    return receipt;
  };
  const data = encodeDeployData({ abi, bytecode, args });
  // Asked first, as a transaction that is mined does not say why it was reverted.
  await named(client.call({ account, data }));
  const { contractAddress } = await mined(await wallet.sendTransaction({ account, chain: null, data, gas: GAS }));
  if (!contractAddress) throw new Error(`${name} was not deployed`);
  const address = contractAddress;
  return {
    address,
    abi,
    read: (functionName, rest, second) => {
      const blockOverrides = { time: BigInt(second) };
      return named(client.readContract({ abi, address, functionName, args: rest, blockOverrides })) as Promise<never>;
    },
    async send(functionName, rest, from = account) {
      const call = { abi, address, functionName, args: rest, account: from, gas: GAS };
      await named(client.simulateContract(call));
      return (await mined(await wallet.writeContract({ ...call, chain: null }))).gasUsed;
    },
  };
}

/** The promise, whose error begins with the Solidity error behind it: `Expired(1, 2)`. */
async function named<Result>(promise: Promise<Result>): Promise<Result> {
  const { BaseError, decodeErrorResult } = await import('viem');
  try {
    return await promise;
  } catch (error) {
    const raw = error instanceof BaseError && error.walk((cause) => typeof dataOf(cause) === 'string');
    const data = dataOf(raw);
    if (typeof data !== 'string') throw error;
    const { errorName, args = [] } = decodeErrorResult({ abi: allErrors(), data: data as Hex });
    throw new Error(`${errorName}(${args.map(String).join(', ')})`, { cause: error });
  }
}

/** One contract passes on what another refuses. */
function allErrors(): Abi {
  const files = readdirSync(ARTIFACTS).map((file) => readFileSync(join(ARTIFACTS, file), 'utf8'));
  return files.flatMap((text) => (JSON.parse(text) as CompiledContract).abi).filter(({ type }) => type === 'error');
}

function dataOf(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'data' in cause ? cause.data : undefined;
}
