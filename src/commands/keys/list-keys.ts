import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checksummed } from '../../outbound/signing/address';
import { inStandardWords } from '../../outbound/signing/foreign-keystore';
import { parseKeystore } from '../../outbound/signing/keystore';
import { readKeystore } from '../../outbound/signing/keystore-file';
import type { Keccak } from '../../oracle/reporting/keccak';
import { loadKeccak } from '../../platform/keccak';

export interface KeyList {
  /** A line each: address, key derivation, day it was made, file. */
  readonly keys: readonly string[];
  /** Files that are no keystore, or that others may read, and why it matters. */
  readonly remarks: readonly string[];
}

/** `assay keys list DIR`: what the keystores of a directory say of themselves; no password is asked for, no secret told. */
export async function listKeys(directory: string): Promise<KeyList> {
  const keccak = await loadKeccak();
  const entries = await readdir(directory, { withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => join(directory, name));
  const described = await Promise.all(files.sort().map((file) => describeFile(file, keccak)));
  return {
    keys: described.flatMap(({ key }) => key ?? []),
    remarks: described.flatMap(({ remark }) => remark ?? []),
  };
}

async function describeFile(
  file: string,
  keccak: Keccak,
): Promise<{ readonly key?: string; readonly remark?: string }> {
  try {
    const { text, exposed, createdAt } = await readKeystore(file);
    const { address, crypto } = parseKeystore(inStandardWords(text));
    const whose = address === undefined ? 'an address that it does not tell'.padEnd(42) : checksummed(address, keccak);
    const made = createdAt.toISOString().slice(0, 10);
    const key = `${whose}  ${crypto.kdf.padEnd(6)}  ${made}  ${file}`;
    return exposed ? { key, remark: `${file}: others than its owner can read it: chmod 600 it` } : { key };
  } catch (error) {
    const [what] = (error as Error).message.split('\n');
    return { remark: `${file}: ${what ?? ''}` };
  }
}
