// `npm run check`, and without the unit tests `npm run check:quick`: every step runs even if another failed, two at a
// time, and only a step that failed shows what it printed.
import { spawn } from 'node:child_process';

/** Longest first, so that the lanes end together. */
const quick = ['lint', 'types', 'format:check', 'architecture', 'unused'];
const waiting = process.argv.includes('--quick') ? quick : ['test:unit', ...quick];
const lanes = 2;

const seconds = (since) => ((performance.now() - since) / 1000).toFixed(1);

function run(script) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const ok = code === 0;
      console.log(`${ok ? 'ok    ' : 'FAILED'}  ${script.padEnd(14)} ${seconds(began).padStart(6)} s`);
      if (!ok) console.log(output);
      resolve(ok);
    });
  });
}

const began = performance.now();
const outcomes = [];
async function lane() {
  for (let script = waiting.shift(); script !== undefined; script = waiting.shift()) outcomes.push(await run(script));
}
await Promise.all(Array.from({ length: lanes }, lane));

const failed = outcomes.filter((ok) => !ok).length;
console.log(`${outcomes.length - failed} of ${outcomes.length} steps ok in ${seconds(began)} s`);
process.exitCode = failed === 0 ? 0 : 1;
