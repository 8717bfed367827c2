import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { dialectNames } from '../../inbound/venues/registry';
import { SECOND_MS } from '../../oracle/units/time';
import { checksummed } from '../../outbound/signing/address';
import { loadConfiguration } from '../../platform/config/load';
import { loadRelay } from '../../platform/config/load-relay';
import { loadQuorum, type QuorumConfiguration } from '../../platform/config/quorum';
import { loadKeccak } from '../../platform/keccak';
import { newKey } from '../keys.command';

export interface RotateOptions {
  readonly config: string;
  /** The address of the key that goes. */
  readonly retire: string;
  /** Where the next key is written. */
  readonly out?: string;
  /** Or whose it is, where another machine holds it. */
  readonly to?: string;
  readonly overlap: string;
}

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const ROTATE = 'function rotate(address[] signers, uint256 threshold, uint32 overlapSeconds)';
/** Of `SignerSets`: a set stands in the code of a contract. */
const MAX_SIGNERS = 31;

/**
 * `assay keys rotate`: makes the next key, or takes its address, and says all that is to be done with it, in order. It
 * changes nothing on a chain and no configuration.
 */
export async function rotateKey(options: RotateOptions, environment: NodeJS.ProcessEnv): Promise<string> {
  const configuration = loadConfiguration(options.config, dialectNames);
  const quorum = quorumIn(options.config);
  const retired = addressIn(options.retire, '--retire');
  const overlapSeconds = overlapIn(options.overlap, configuration.plan.cuts.validForMs);
  const before = quorum?.signers.map(({ address }) => address) ?? [retired];
  if (!before.includes(retired)) {
    throw new Error(
      `${options.retire} is not in the signer set of quorum.yaml (${before.join(', ')}): name one that is`,
    );
  }
  if (before.length > MAX_SIGNERS) throw new Error(`${before.length} signers: a contract takes ${MAX_SIGNERS} at most`);
  if ((options.out === undefined) === (options.to === undefined)) {
    throw new Error('say where the next key is to be: --out FILE makes one, --to ADDRESS names one of a remote signer');
  }
  if (options.to !== undefined && before.includes(addressIn(options.to, '--to'))) {
    throw new Error(`${options.to} is in the signer set already: each key has one voice`);
  }
  const next = options.to ?? (await newKey(options.out ?? '', environment));
  const keccak = await loadKeccak();
  const signers = before.map((address) => (address === retired ? next.toLowerCase() : address)).sort();
  const { encodeFunctionData, parseAbi } = await import('viem');
  const threshold = quorum?.threshold ?? 1;
  const calldata = encodeFunctionData({
    abi: parseAbi([ROTATE]),
    args: [signers.map((address) => checksummed(address, keccak) as `0x${string}`), BigInt(threshold), overlapSeconds],
  });
  const { epoch } = configuration.service.signer;
  return [
    `The key of ${checksummed(retired, keccak)} goes, that of ${checksummed(next, keccak)} comes: epoch ${epoch + 1}.`,
    'Nothing has changed yet. In this order (docs/keys.md):',
    '',
    `1. On every contract, as its governor, while epoch ${epoch} is the current one: rotate(signers, ${threshold}, ${overlapSeconds})`,
    ...contractsIn(options.config, configuration).map((contract) => `     ${contract}`),
    `   calldata  ${calldata}`,
    `   Epoch ${epoch} is believed for ${overlapSeconds} s more, so that what is signed until step 2 is done still arrives.`,
    '   Do not go on before all of them are rotated: epoch ' + `${epoch + 1} means nothing to one that is not.`,
    '',
    `2. At every member within these ${overlapSeconds} s, the files below; at the one whose key goes, the new keystore or`,
    '   --signer-address. A single process is restarted; a quorum goes over by effectiveFrom and --next (docs/quorum.md).',
    '   service.yaml:',
    `     signer: { epoch: ${epoch + 1} }${configuration.service.signer.remote ? ' # and its remote, with the new address where it goes' : ''}`,
    ...(quorum === undefined ? [] : ['   quorum.yaml:', ...signersYaml(quorum, retired, next)]),
    '',
    `3. Tell subscribers the new set (${signers.length} signers, ${threshold} sign): who pins the old one refuses the new.`,
    '',
    `4. If the key of ${checksummed(retired, keccak)} is lost or stolen, do not wait for the overlap's end: revoke(${epoch}, it)`,
    '   on every contract, after step 1. Keep its keystore until the overlap has ended; then destroy it.',
  ].join('\n');
}

function quorumIn(directory: string): QuorumConfiguration | undefined {
  return existsSync(join(directory, 'quorum.yaml')) ? loadQuorum(directory) : undefined;
}

function addressIn(text: string, option: string): string {
  if (!ADDRESS.test(text)) throw new Error(`${option} ${text} is no address: 0x and 40 hex digits`);
  return text.toLowerCase();
}

function overlapIn(text: string, validForMs: number): number {
  const seconds = Number(text);
  const least = Math.ceil(validForMs / SECOND_MS);
  if (Number.isInteger(seconds) && seconds >= least && seconds < 2 ** 31) return seconds;
  throw new Error(
    `--overlap ${text} is no number of seconds from ${least} (what is signed is good for so long) below 2^31`,
  );
}

/** The stores that relay.yaml knows, and a word for the rest. */
function contractsIn(directory: string, { plan }: ReturnType<typeof loadConfiguration>): string[] {
  const rest = 'and every other AssayVerifier and AssayStore that believes this set';
  if (!existsSync(join(directory, 'relay.yaml'))) return [rest.slice('and '.length)];
  const { chains } = loadRelay(directory, plan);
  const stores = chains.flatMap(({ name, stores }) =>
    stores.map(({ address, group }) => `${name}  ${address}  ${group}`),
  );
  return [...stores, rest];
}

function signersYaml({ signers }: QuorumConfiguration, retired: string, next: string): string[] {
  const changed = signers.map(({ address, url }) => ({
    address: address === retired ? next.toLowerCase() : address,
    url,
  }));
  return stringify({ signers: changed })
    .trimEnd()
    .split('\n')
    .map((line) => `     ${line}`);
}
