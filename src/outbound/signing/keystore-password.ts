import { readSecret } from '../../platform/secret';

const VARIABLE = 'ASSAY_KEYSTORE_PASSWORD';

/** The keystore's password, from the environment or from a file it names; a file's one trailing newline is no part. */
export async function readKeystorePassword(environment: NodeJS.ProcessEnv): Promise<string> {
  const password = await readSecret(environment, VARIABLE);
  if (password === undefined) {
    throw new Error(`the keystore needs a password: set either ${VARIABLE} or ${VARIABLE}_FILE`);
  }
  return password;
}
