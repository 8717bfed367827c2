import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ARTIFACTS, compileContracts } from '../../test/support/contracts';

describe('contracts/artifacts', () => {
  test('are what the compiler makes of contracts/src (ASSAY_WRITE_ARTIFACTS=1 writes them anew)', async () => {
    const compiled = await compileContracts();
    const texts = Object.entries(compiled).map(([name, { abi, bytecode }]): [string, string] => [
      `${name}.json`,
      `${JSON.stringify({ abi, bytecode }, null, 2)}\n`,
    ]);
    if (process.env['ASSAY_WRITE_ARTIFACTS'] === '1') {
      mkdirSync(ARTIFACTS, { recursive: true });
      for (const [file, text] of texts) writeFileSync(join(ARTIFACTS, file), text);
    }
    expect(readdirSync(ARTIFACTS).sort()).toEqual(texts.map(([file]) => file).sort());
    // Whole files are too long to be shown as a difference.
    const stale = texts.filter(([file, text]) => readFileSync(join(ARTIFACTS, file), 'utf8') !== text);
    expect(stale.map(([file]) => file)).toEqual([]);
  }, 120_000);
});
