import type { Readable } from 'node:stream';
import { decryptKeystore, KeystoreError } from '../../outbound/signing/keystore';
import { readKeystore, writeKeystore } from '../../outbound/signing/keystore-file';
import { readKeystorePassword } from '../../outbound/signing/keystore-password';
import { inStandardWords } from '../../outbound/signing/foreign-keystore';
import { loadKeccak } from '../../platform/keccak';
import { readSecret } from '../../platform/secret';

const KEY = 'ASSAY_IMPORT_KEY';
const PASSWORD = 'ASSAY_IMPORT_PASSWORD';
/** A key, 0x and a newline, and room for spaces: more is something else. */
const MAX_INPUT = 256;

export interface ImportKeyOptions {
  readonly out: string;
  /** Another keystore of version 3; without one the key is taken from the environment, or else from stdin. */
  readonly from?: string;
}

/** What `isTTY` tells a terminal from a pipe by. */
type Input = Readable & { readonly isTTY?: boolean };

/**
 * `assay keys import --out FILE`: takes a key that exists, never from the arguments, which every user of a machine can
 * read. Returns its address.
 */
export async function importKey(
  { out, from }: ImportKeyOptions,
  environment: NodeJS.ProcessEnv,
  input: Input,
): Promise<string> {
  const password = await readKeystorePassword(environment);
  const privateKey = from === undefined ? await rawKey(environment, input) : await keyFrom(from, password, environment);
  try {
    return await writeKeystore(out, privateKey, password, await loadKeccak());
  } finally {
    privateKey.fill(0);
  }
}

async function keyFrom(file: string, password: string, environment: NodeJS.ProcessEnv): Promise<Buffer> {
  const theirs = (await readSecret(environment, PASSWORD)) ?? password;
  try {
    const { text } = await readKeystore(file);
    return (await decryptKeystore(inStandardWords(text), theirs, await loadKeccak())).privateKey;
  } catch (cause) {
    const hint = environment[PASSWORD] ?? environment[`${PASSWORD}_FILE`];
    const wayOut = hint === undefined ? `; if its password is another, set ${PASSWORD} or ${PASSWORD}_FILE` : '';
    throw new KeystoreError(`keystore ${file}: ${(cause as Error).message}${wayOut}`, { cause });
  }
}

async function rawKey(environment: NodeJS.ProcessEnv, input: Input): Promise<Buffer> {
  const text = (await readSecret(environment, KEY)) ?? (await piped(input));
  const digits = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text.trim())?.[1];
  if (digits === undefined)
    throw new Error('what was given is no private key: it has 64 hex digits, with 0x or without');
  return Buffer.from(digits, 'hex');
}

async function piped(input: Input): Promise<string> {
  if (input.isTTY === true) {
    throw new Error(`there is no key to import: pipe it in, set ${KEY} or ${KEY}_FILE, or give --from KEYSTORE`);
  }
  let text = '';
  for await (const chunk of input) {
    text += String(chunk);
    if (text.length > MAX_INPUT) throw new Error(`stdin has more than ${MAX_INPUT} bytes: a key has 64 hex digits`);
  }
  return text;
}
