// `npm run fuzz -- --runs 10000 --seed 1`: the contracts and the client's verifier against whatever may arrive, for longer
// than `npm test` does.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string' } } });
for (const [name, value] of Object.entries(values)) {
  if (/^[0-9]{1,9}$/.test(value)) continue;
  console.error(`fuzz: --${name} ${value} is not a whole number`);
  process.exit(1);
}
const seed = values.seed ?? String(Date.now() % 1_000_000_000);
console.log(`${values.runs} runs from seed ${seed}`);
const { status } = spawnSync('npx', ['jest', 'contracts/test/fuzz'], {
  stdio: 'inherit',
  env: { ...process.env, ASSAY_FUZZ_RUNS: values.runs, ASSAY_FUZZ_SEED: seed },
});
process.exitCode = status ?? 1;
