// `npm run mutate`: takes each refusal of the contracts away in turn, and looks whether a test misses it. A quarter of a
// minute for each; `npm run mutate -- SignerSets` asks for one file alone.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { compileContracts, contractSources } from '../../test/support/contracts';

interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly refusal: string;
  readonly sources: Readonly<Record<string, string>>;
}

const CONTRACTS = resolve(__dirname, '..');
/** A refusal in Solidity, or in the assembly of the signatures' walk. */
const REFUSALS = /\bif \(((?:[^;{}])*?)\)\s+revert ([\w.]+)|\bfault := ([^\n]+)/g;

function mutantsOf(file: string): Mutant[] {
  const text = readFileSync(join(CONTRACTS, file), 'utf8');
  return [...text.matchAll(REFUSALS)].map((match) => {
    const [whole, condition = '', error, fault] = match;
    const without = error === undefined ? 'fault := 0' : `if (false && (${condition})) revert ${error}`;
    const line = text.slice(0, match.index).split('\n').length;
    const refusal = error ?? `fault ${fault ?? ''}`;
    const rest = text.slice(match.index + whole.length);
    return { file, line, refusal, sources: { [file]: text.slice(0, match.index) + without + rest } };
  });
}

/** Whether a test fails where these sources stand in the place of the contracts' own. */
async function isMissed({ sources }: Pick<Mutant, 'sources'>): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-mutant-'));
  try {
    for (const [name, { abi, bytecode }] of Object.entries(await compileContracts(sources))) {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify({ abi, bytecode }));
    }
    const { status } = spawnSync('npx', ['jest', '--bail', 'contracts/test/assay-', 'contracts/test/cross-'], {
      env: { ...process.env, ASSAY_ARTIFACTS: folder },
      stdio: 'ignore',
    });
    return status !== 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const asked = process.argv[2] ?? '';
  if (await isMissed({ sources: {} })) {
    throw new Error(
      'a test fails with every refusal in its place: mend that first, or none of what follows would count',
    );
  }
  const mutants = contractSources()
    .filter((file) => file.includes(asked))
    .flatMap(mutantsOf);
  let survivors = 0;
  for (const mutant of mutants) {
    const missed = await isMissed(mutant);
    if (!missed) survivors += 1;
    console.log(`${missed ? 'missed  ' : 'SURVIVED'}  ${mutant.file}:${mutant.line}  ${mutant.refusal}`);
  }
  console.log(`${mutants.length - survivors} of ${mutants.length} refusals are missed by a test when they are gone`);
  process.exitCode = survivors === 0 ? 0 : 1;
}

void main();
