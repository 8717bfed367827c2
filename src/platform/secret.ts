import { readFile } from 'node:fs/promises';

/**
 * A secret from the variable `name` or from the file that `<name>_FILE` names, whose one trailing newline is no part
 * of it; undefined where neither is set. Throws, without the secret, when both are set, it is empty or not readable.
 */
export async function readSecret(environment: NodeJS.ProcessEnv, name: string): Promise<string | undefined> {
  const fileVariable = `${name}_FILE`;
  const { [name]: value, [fileVariable]: file } = environment;
  if (value !== undefined && file !== undefined) {
    throw new Error(`${name} is given twice: set either ${name} or ${fileVariable}`);
  }
  if (value === undefined && file === undefined) return undefined;
  const found = value ?? (await read(file ?? '', fileVariable)).replace(/\r?\n$/, '');
  if (found === '') throw new Error(`${name} is empty: unset it, or set either ${name} or ${fileVariable}`);
  return found;
}

async function read(file: string, variable: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file}, named by ${variable}, cannot be read: ${(cause as Error).message}`, { cause });
  }
}
