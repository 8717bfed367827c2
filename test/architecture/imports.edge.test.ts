import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import stages from '../../src/oracle/stages.json';

const root = resolve(__dirname, '../..');
const config = join(root, '.dependency-cruiser.cjs');
const { forbidden } = jest.requireActual<{ forbidden: { name: string }[] }>(config);

type How = 'static' | 'dynamic' | 'type';
interface Import {
  readonly from: string;
  /** A file of the tree, or the name of a package. */
  readonly to: string;
  readonly how?: How;
}

const importing = (from: string, to: string, how: How = 'static'): Import => ({ from, to, how });
const stageFile = (stage: string): string => `src/oracle/${stage}/${stage}.ts`;
const neighbours = stages.slice(1).map((later, index) => ({ earlier: stages[index]!, later }));

const refused: readonly (Import & { readonly rule: string })[] = [
  ...neighbours.map(({ earlier, later }) => ({
    rule: `${earlier}-precedes`,
    ...importing(`src/oracle/${earlier}/hasty.ts`, stageFile(later), 'type'),
  })),
  { rule: 'oracle-is-pure', ...importing('src/oracle/plan.ts', 'src/platform/config.ts', 'type') },
  { rule: 'oracle-is-pure', ...importing('src/oracle/plan.ts', 'zod') },
  { rule: 'oracle-is-pure', ...importing('src/oracle/plan.ts', 'node:fs') },
  { rule: 'oracle-units-first', ...importing('src/oracle/units/time.ts', 'src/oracle/cut.ts') },
  { rule: 'recording-imports', ...importing('src/recording/reader.ts', 'src/platform/clock.ts') },
  { rule: 'platform-imports', ...importing('src/platform/config.ts', 'src/inbound/sink.ts') },
  { rule: 'platform-imports', ...importing('src/platform/config.ts', 'src/outbound/ledger/ledger.ts') },
  { rule: 'inbound-imports', ...importing('src/inbound/intake.ts', 'src/outbound/ledger/ledger.ts', 'type') },
  { rule: 'outbound-imports', ...importing('src/outbound/rest/rest.ts', 'src/inbound/sink.ts', 'type') },
  { rule: 'runtime-imports', ...importing('src/runtime/turn.ts', 'src/app/standalone.ts') },
  { rule: 'app-imports', ...importing('src/app/standalone.ts', 'src/lab/faults.ts', 'dynamic') },
  { rule: 'lab-imports', ...importing('src/lab/faults.ts', 'src/commands/replay.command.ts') },
  {
    rule: 'lab-imports',
    ...importing('src/lab/market/server.ts', 'src/inbound/venues/bybit/bybit.ts', 'type'),
  },
  { rule: 'commands-imports', ...importing('src/commands/serve.command.ts', 'src/main.ts') },
  { rule: 'ws-door', ...importing('src/outbound/rest/rest.ts', 'ws') },
  { rule: 'axios-door', ...importing('src/runtime/turn.ts', 'axios') },
  { rule: 'lmdb-door', ...importing('src/runtime/turn.ts', 'lmdb') },
  { rule: 'secp256k1-door', ...importing('src/runtime/turn.ts', 'secp256k1') },
  { rule: 'no-circular', ...importing('src/app/chicken.ts', 'src/app/egg.ts') },
  { rule: 'resolvable', ...importing('src/app/standalone.ts', './nowhere') },
  {
    rule: 'venue-alone',
    ...importing('src/inbound/venues/okx/okx.ts', 'src/inbound/venues/bybit/bybit.ts'),
  },
  { rule: 'chain-reader-alone', ...importing('src/inbound/chains/pool/pool.ts', 'src/inbound/chains/rate/rate.ts') },
  { rule: 'dialect-is-pure', ...importing('src/inbound/venues/bybit/bybit.ts', 'node:net') },
  { rule: 'dialect-is-pure', ...importing('src/inbound/venues/bybit/bybit.ts', 'pino') },
  { rule: 'alert-rules-are-pure', ...importing('src/outbound/alerts/rules/halted.ts', 'pino') },
  { rule: 'alert-rules-are-pure', ...importing('src/outbound/alerts/lifecycle.ts', 'node:timers') },
  {
    rule: 'market-is-not-the-candidate',
    ...importing('src/lab/market/server.ts', 'src/inbound/venues/bybit/bybit.ts', 'type'),
  },
  { rule: 'lab-on-demand', ...importing('src/commands/demo.command.ts', 'src/lab/faults.ts') },
  { rule: 'commands-on-demand', ...importing('src/cli.ts', 'src/commands/serve.command.ts') },
  { rule: 'viem-on-demand', ...importing('src/outbound/rest/rest.ts', 'viem') },
  { rule: 'nest-at-the-edges', ...importing('src/lab/faults.ts', '@nestjs/common') },
  { rule: 'no-tests-in-the-product', ...importing('src/runtime/turn.ts', 'test/support/clock.ts') },
  { rule: 'no-tests-in-the-product', ...importing('src/runtime/turn.ts', 'src/runtime/turn.test.ts') },
  { rule: 'declared-packages', ...importing('src/runtime/turn.ts', 'fast-check') },
  { rule: 'declared-packages', ...importing('src/runtime/turn.ts', 'undeclared') },
  { rule: 'client-stands-alone', ...importing('client/examples/verify.ts', 'src/oracle/cut.ts', 'type') },
];

const allowed: readonly Import[] = [
  ...neighbours.map(({ earlier, later }) => importing(stageFile(later), stageFile(earlier))),
  importing('src/oracle/oracle.ts', stageFile('risk')),
  importing('src/oracle/oracle.test.ts', 'fast-check'),
  importing('src/recording/reader.ts', 'src/oracle/cut.ts'),
  importing('src/recording/reader.ts', 'node:fs'),
  importing('src/inbound/venues/registry.ts', 'src/inbound/venues/okx/okx.ts'),
  importing('src/inbound/venues/okx/okx.ts', 'zod'),
  importing('src/inbound/venues/okx/okx.test.ts', 'src/inbound/venues/bybit/bybit.ts'),
  importing('src/inbound/transport/session.ts', 'ws'),
  importing('src/inbound/chains/rate/rate.ts', 'viem', 'dynamic'),
  importing('src/inbound/chains/rate/rate.ts', 'viem', 'type'),
  importing('src/outbound/rest/rest.ts', '@nestjs/common'),
  importing('src/runtime/turn.ts', 'src/inbound/sink.ts'),
  importing('src/runtime/turn.ts', 'src/outbound/ledger/ledger.ts'),
  importing('src/runtime/turn.test.ts', 'test/support/clock.ts'),
  importing('src/lab/market/server.ts', 'src/recording/reader.ts'),
  importing('src/commands/demo.command.ts', 'src/lab/market/server.ts', 'dynamic'),
  importing('src/commands/demo.command.ts', 'viem'),
  importing('src/cli.ts', 'src/commands/demo.command.ts', 'dynamic'),
  importing('src/main.ts', 'src/app/standalone.ts'),
];

const dependencies = ['@nestjs/common', 'axios', 'lmdb', 'pino', 'secp256k1', 'viem', 'ws', 'zod'];
const packages = [...dependencies, 'fast-check', 'undeclared'];

function statement({ from, to, how }: Import): string {
  const isFile = /^(src|test|client)\//.test(to);
  const specifier = isFile
    ? relative(dirname(from), to)
        .replace(/^(?!\.)/, './')
        .replace(/\.ts$/, '')
    : to;
  switch (how) {
    case 'dynamic':
      return `void import('${specifier}');`;
    case 'type':
      return `import type {} from '${specifier}';`;
    default:
      return `import '${specifier}';`;
  }
}

/** The files that make the imports, in a folder of their own, with an empty package for each name. */
async function plant(folder: string, imports: readonly Import[]): Promise<void> {
  const files = new Map<string, string>();
  files.set('tsconfig.json', '{}');
  files.set(
    'package.json',
    JSON.stringify({ dependencies: versions(dependencies), devDependencies: versions(['fast-check']) }),
  );
  for (const name of packages) {
    files.set(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'main.js' }));
    files.set(`node_modules/${name}/main.js`, '');
  }
  for (const each of imports) {
    if (each.to.endsWith('.ts') && !files.has(each.to)) files.set(each.to, 'export {};\n');
    files.set(each.from, `${files.get(each.from) ?? ''}${statement(each)}\n`);
  }
  for (const [path, text] of files) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const versions = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, '1.0.0']));

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** `rule: from → to` for each import that the project's rules refuse in this folder. */
async function violations(folder: string): Promise<string[]> {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [bin, '--config', config, '--output-type', 'json', '.'];
  // Violations make it exit with another code than zero, which is no failure here.
  const stdout = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (_, printed) => resolve(printed));
  });
  const { summary } = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${plainTarget(to)}`);
}

async function folders(path: string): Promise<string[]> {
  const entries = await readdir(join(root, path), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

const plainTarget = (to: string): string =>
  to.replace(/^node_modules\/(.+)\/main\.js$/, '$1').replace(/^(fs|net|timers)$/, 'node:$1');

describe('the rules on imports', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-imports-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('refuse each import that the plan of the house forbids, by the rule that forbids it', async () => {
    const otherHalfOfTheCircle = importing('src/app/egg.ts', 'src/app/chicken.ts');
    await plant(folder, [...refused, otherHalfOfTheCircle]);
    const found = await violations(folder);
    expect(found.sort()).toEqual(refused.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`).sort());
  });

  test.each([
    {
      rule: 'market-is-not-the-candidate',
      path: ['src/lab/market/server.ts', 'src/runtime/turn.ts', 'src/inbound/venues/okx/okx.ts'] as const,
    },
    {
      rule: 'screening-precedes',
      path: ['src/oracle/screening/screening.ts', 'src/oracle/feed-past.ts', stageFile('pricing')] as const,
    },
  ])('refuse a detour: $rule', async ({ rule, path: [from, middle, to] }) => {
    await plant(folder, [importing(from, middle), importing(middle, to)]);
    expect(await violations(folder)).toEqual([`${rule}: ${from} → ${to}`]);
  });

  test('allow what the plan of the house asks for', async () => {
    await plant(folder, allowed);
    expect(await violations(folder)).toEqual([]);
  });

  test('know each room of src and each stage of the oracle', async () => {
    const ruled = (name: string): boolean => forbidden.some((rule) => rule.name === name);
    const rooms = (await folders('src')).filter((room) => room !== 'oracle');
    expect(rooms.filter((room) => !ruled(`${room}-imports`))).toEqual([]);
    expect((await folders('src/oracle')).filter((folder) => folder !== 'units' && !stages.includes(folder))).toEqual(
      [],
    );
  });

  test('are each shown to refuse something', () => {
    const shown = new Set(refused.map(({ rule }) => rule));
    expect(forbidden.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });
});
