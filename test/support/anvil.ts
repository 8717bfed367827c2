import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Abi, Hex } from 'viem' with { 'resolution-mode': 'import' };

const CONTRACTS = resolve(__dirname, '../../contracts');
const PLATFORM = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;

export interface Anvil {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * Starts a chain of its own on a port that the system chooses; each transaction is mined at once. It has anvil's
 * well-known accounts and knows no other chain. Whoever starts it stops it.
 */
export async function startAnvil(args: readonly string[] = []): Promise<Anvil> {
  const binary = brought(`@foundry-rs/anvil-${PLATFORM}/bin/anvil`);
  // The platform's own binary, not the package's script: the process's id is the chain's.
  const node = spawn(binary, ['--host', '127.0.0.1', '--port', '0', '--hardfork', 'prague', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise((resolve) => node.once('exit', resolve));
  const complaint = text(node.stderr);
  // Read to the end, or anvil would stand still once the pipe is full.
  const lines = createInterface({ input: node.stdout });
  const url = await new Promise<string>((found, failed) => {
    lines.on('line', (line) => {
      const address = /^Listening on (\S+)$/.exec(line)?.[1];
      if (address !== undefined) found(`http://${address}`);
    });
    node.on('error', failed);
    node.on('exit', (code) => {
      void complaint.then((said) => {
        failed(new Error(`anvil ended with code ${String(code)} before it listened: ${said}`));
      });
    });
  });
  return {
    url,
    pid: Number(node.pid),
    async stop() {
      node.kill();
      await exited;
    },
  };
}

export interface CompiledContract {
  readonly abi: Abi;
  /** What a deployment sends. */
  readonly bytecode: Hex;
  /** What stands on chain afterwards. */
  readonly deployedBytecode: Hex;
}

interface SolcOutput {
  readonly errors?: readonly { readonly severity: 'error' | 'warning' | 'info'; readonly formattedMessage: string }[];
  readonly contracts?: Record<string, Record<string, SolcContract>>;
}

interface SolcContract {
  readonly abi: Abi;
  readonly evm: {
    readonly bytecode: { readonly object: string };
    readonly deployedBytecode: { readonly object: string };
  };
}

/**
 * Compiles files of `contracts/`, named relative to it (`mocks/SteeredAggregator.sol`), with what they import; returns
 * the contracts of all these files by name. `instead` has other texts for some of them. Throws what the compiler says
 * where that is an error.
 */
export async function compileSolidity(
  files: readonly string[],
  settings: Readonly<Record<string, unknown>> = {},
  instead: Readonly<Record<string, string>> = {},
): Promise<Record<string, CompiledContract>> {
  const source = (file: string): { content: string } => ({
    content: instead[file] ?? readFileSync(join(CONTRACTS, file), 'utf8'),
  });
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(files.map((file) => [file, source(file)])),
    settings: {
      optimizer: { enabled: true, runs: 200 },
      evmVersion: 'cancun',
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
      ...settings,
    },
  };
  const output = await runSolc(JSON.stringify(input));
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'));
  const contracts = Object.values(output.contracts ?? {}).flatMap((inFile) => Object.entries(inFile));
  return Object.fromEntries(
    contracts.map(([name, { abi, evm }]) => [
      name,
      { abi, bytecode: `0x${evm.bytecode.object}`, deployedBytecode: `0x${evm.deployedBytecode.object}` },
    ]),
  );
}

/** In a process of its own: the compiler is 8 MB of WebAssembly that a test run should not keep. */
async function runSolc(input: string): Promise<SolcOutput> {
  const solc = spawn(process.execPath, [brought('solc/solc.js'), '--standard-json', '--base-path', CONTRACTS], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  solc.stdin.end(input);
  const said = await text(solc.stdout);
  // The compiler's callback for imports writes a line of its own before the answer.
  return JSON.parse(said.slice(said.indexOf('{'))) as SolcOutput;
}

function brought(file: string): string {
  const path = join(CONTRACTS, 'node_modules', file);
  if (!existsSync(path)) throw new Error(`${path} is missing; bring it by: npm ci --prefix contracts`);
  return path;
}
