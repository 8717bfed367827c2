import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { GasDay } from './gas-book';

const FILE = 'relay-gas.json';
const days = z.record(z.string(), z.object({ day: z.int(), gas: z.number() }));

/** The gas of the day by chain, as a former process left it; nothing where there was none. */
export async function readGasDays(directory: string): Promise<Readonly<Record<string, GasDay>>> {
  const file = join(directory, FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return days.parse(JSON.parse(text));
  } catch {
    throw new Error(`${file} does not tell how much gas was used today; mend it, or remove it to count from zero`);
  }
}

/** Whole or not at all. */
export async function writeGasDays(directory: string, state: Readonly<Record<string, GasDay>>): Promise<void> {
  await mkdir(directory, { recursive: true });
  const file = join(directory, FILE);
  await writeFile(`${file}.new`, JSON.stringify(state));
  await rename(`${file}.new`, file);
}
