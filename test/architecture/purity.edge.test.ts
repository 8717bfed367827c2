import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** One statement a line, so that a message's line tells which statement it is about. */
const impure = [
  'Math.pow(2, 3);',
  '2 ** 3;',
  'let power = 2; power **= 3;',
  ...['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh'].map((name) => `Math.${name}(1);`),
  'Math.atan2(1, 2);',
  'const { pow } = Math;',
  'Math.random();',
  'Date.now();',
  'new Date();',
  'Date();',
  'performance.now();',
  'process.hrtime();',
  'console.log(1);',
  'setTimeout(() => undefined, 1);',
  'setInterval(() => undefined, 1);',
  'setImmediate(() => undefined);',
  'queueMicrotask(() => undefined);',
  'crypto.randomUUID();',
  'globalThis.Date.now();',
  'Buffer.from("a");',
  '(1).toLocaleString();',
  '"a".localeCompare("b");',
  'new Intl.NumberFormat();',
  'import "node:fs";',
  'const later = async () => undefined;',
  'import("./input");',
];

const pure = [
  'Math.sqrt(2);',
  'Math.exp(-1);',
  'Math.log(2);',
  '2 * 2 * 2;',
  'import "./report";',
  'export const at = (now: number): number => Math.floor(now / 10);',
];

const ruleOfTheOracle = /^no-restricted-(syntax|globals|properties|imports)$/;

/** The lines that the rules of purity refuse, in a file that has this text in place of its own. */
async function refusedLines(file: string, lines: readonly string[]): Promise<string[]> {
  const bin = join(root, 'node_modules/eslint/bin/eslint.js');
  const args = [bin, '--format', 'json', '--stdin', '--stdin-filename', file];
  const stdout = await new Promise<string>((resolve) => {
    const child = execFile(process.execPath, args, { cwd: root }, (_, printed) => resolve(printed));
    child.stdin?.end(lines.join('\n'));
  });
  const [result] = JSON.parse(stdout) as [{ messages: { ruleId: string | null; line: number }[] }];
  const refused = new Set(
    result.messages.filter(({ ruleId }) => ruleOfTheOracle.test(ruleId ?? '')).map(({ line }) => line),
  );
  return lines.filter((_, index) => refused.has(index + 1));
}

describe('the purity of the oracle', () => {
  test('is kept from time, chance, the machine and the bits that differ', async () => {
    expect(await refusedLines('src/oracle/plan.ts', impure)).toEqual(impure);
  });

  test('leaves arithmetic alone', async () => {
    expect(await refusedLines('src/oracle/plan.ts', pure)).toEqual([]);
  });

  test('is asked of the oracle alone', async () => {
    expect(await refusedLines('src/recording/event.ts', impure)).toEqual([]);
  });
});
