// `npm test`: brings what the tests of contracts/ need, builds what the end-to-end tests start, runs every Jest project
// and ends with the counts. A skipped test counts as a failure: what cannot run is not shown to work.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) throw error;
  return status === 0;
}

function need(command, ...args) {
  if (run(command, ...args)) return;
  console.error(`test: \`${[command, ...args].join(' ')}\` failed, so no test was run`);
  process.exit(1);
}

if (!existsSync('contracts/node_modules')) need('npm', 'ci', '--prefix', 'contracts', '--no-audit', '--no-fund');
need('npm', 'run', '--silent', 'build');

const folder = mkdtempSync(join(tmpdir(), 'assay-test-'));
try {
  const file = join(folder, 'results.json');
  const ok = run('npx', 'jest', '--json', `--outputFile=${file}`, ...process.argv.slice(2));
  const results = JSON.parse(readFileSync(file, 'utf8'));
  const skipped = results.numPendingTests + results.numTodoTests;
  // A suite that could not even be loaded has no tests to count.
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  console.log(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
  process.exitCode = ok && failed === 0 && skipped === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
