import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSecret } from './secret';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-secret-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function fileOf(content: string): Promise<string> {
  const path = join(folder, 'secret');
  await writeFile(path, content);
  return path;
}

describe(readSecret.name, () => {
  test('takes the variable as it is', async () => {
    expect(await readSecret({ TOKEN: ' a\n' }, 'TOKEN')).toBe(' a\n');
  });

  test('takes a file without the newline that editors put at its end', async () => {
    expect(await readSecret({ TOKEN_FILE: await fileOf('a\n\n') }, 'TOKEN')).toBe('a\n');
  });

  test('knows nothing where neither is set', async () => {
    expect(await readSecret({}, 'TOKEN')).toBeUndefined();
  });

  test('refuses two answers, an empty one and a file that is not there', async () => {
    const path = await fileOf('\n');
    await expect(readSecret({ TOKEN: 'a', TOKEN_FILE: path }, 'TOKEN')).rejects.toThrow('TOKEN is given twice');
    await expect(readSecret({ TOKEN: '' }, 'TOKEN')).rejects.toThrow('TOKEN is empty');
    await expect(readSecret({ TOKEN_FILE: path }, 'TOKEN')).rejects.toThrow('TOKEN is empty');
    await expect(readSecret({ TOKEN_FILE: join(folder, 'no') }, 'TOKEN')).rejects.toThrow(/no, named by TOKEN_FILE/);
  });
});
