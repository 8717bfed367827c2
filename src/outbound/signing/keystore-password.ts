import { readFile } from 'node:fs/promises';

const VARIABLE = 'ASSAY_KEYSTORE_PASSWORD';
const FILE_VARIABLE = `${VARIABLE}_FILE`;

/** The keystore's password, from the environment or from a file it names; a file's one trailing newline is no part. */
export async function readKeystorePassword(environment: NodeJS.ProcessEnv): Promise<string> {
  const { [VARIABLE]: password, [FILE_VARIABLE]: file } = environment;
  if ((password === undefined) === (file === undefined)) {
    const fault = password === undefined ? 'the keystore needs a password' : 'the password is given twice';
    throw new Error(`${fault}: set either ${VARIABLE} or ${FILE_VARIABLE}`);
  }
  const found = password ?? (await readPasswordFile(file ?? '')).replace(/\r?\n$/, '');
  if (found === '') throw new Error(`the keystore's password is empty: see ${VARIABLE} and ${FILE_VARIABLE}`);
  return found;
}

async function readPasswordFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file}, named by ${FILE_VARIABLE}, cannot be read: ${(cause as Error).message}`, { cause });
  }
}
