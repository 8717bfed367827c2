#!/usr/bin/env node
import { Command } from 'commander';
import type { ServeOptions } from './app/roles/serve-options';
import type { BacktestOptions } from './commands/backtest.command';
import type { DemoOptions } from './commands/demo.command';
import type { ImportOptions } from './commands/import.command';
import type { ImportKeyOptions } from './commands/keys/import-key';
import type { RotateOptions } from './commands/keys/rotate-key';
import type { LabOptions } from './commands/lab.command';
import type { LedgerOptions } from './commands/ledger.command';
import type { RecordOptions } from './commands/record.command';
import type { ReplayOptions } from './commands/replay.command';
import type { WarmUpOptions } from './commands/warm-up.command';

const program = new Command('assay').description('An oracle for cross-collateral margin.').showHelpAfterError();

const list = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

program
  .command('demo')
  .description('run the whole service on a simulated market')
  .option('--for <duration>', 'end by itself after, say, 20s or 2m')
  .option('--json', 'print one JSON object as the last line')
  .option('--seed <number>', 'which market to simulate', '1')
  .option('--fault <venue:name>', 'let a venue misbehave, e.g. binance:silence; may repeat', list, [])
  .option('--config <directory>', 'what to publish', 'config')
  .option('--data <directory>', 'keep the ledger here instead of in memory')
  .option('--record <file>', 'record all input, gzip where the name ends in .gz')
  .option('--port <number>', 'where to listen; 0 lets the system choose', '0')
  .option('--history <days>', 'invent so many days before it: tails and haircuts need some 60', '0')
  .action(async (options: DemoOptions) => (await import('./commands/demo.command')).run(options));

program
  .command('serve')
  .description('publish signed prices, or do one part of it')
  .option('--role <name>', 'what this process is', 'standalone')
  .option('--config <directory>', 'what to publish', 'config')
  .option('--next <directory>', 'of a signer or standby: what to go over to at its effectiveFrom')
  .option('--data <directory>', 'where the ledger is kept', 'data')
  .option('--record <file>', 'record all input, gzip where the name ends in .gz')
  .option('--state <file>', 'start from the first line of this recording where the ledger is empty')
  .option('--keystore <file>', 'encrypted key; its password comes from ASSAY_KEYSTORE_PASSWORD or its _FILE')
  .option('--development-key', 'sign with the key that everyone knows')
  .option('--remote-signer <url>', 'sign by a web3signer; needs --signer-address')
  .option('--signer-address <address>', 'whose signatures the remote signer is asked for')
  .option('--host <address>', 'instead of the configured one')
  .option('--port <number>', 'instead of the configured one')
  .action(async (options: ServeOptions) => (await import('./main')).run(options));

program
  .command('warm-up <feed=file...>')
  .description('make a state to serve from that knows the risk of past hours, out of CSV files of hourly prices')
  .requiredOption('--out <file>', 'gzip where the name ends in .gz')
  .option('--config <directory>', 'what is to be published', 'config')
  .action(async (files: string[], options: WarmUpOptions) =>
    (await import('./commands/warm-up.command')).run(files, options),
  );

program
  .command('record')
  .description('record the input of all configured venues, and publish nothing')
  .requiredOption('--out <file>', 'gzip where the name ends in .gz')
  .option('--config <directory>', 'whom to listen to', 'config')
  .option('--for <duration>', 'end by itself after, say, 10m')
  .action(async (options: RecordOptions) => (await import('./commands/record.command')).run(options));

program
  .command('replay')
  .description('run recorded input through the oracle')
  .requiredOption('--in <file>', 'the recording')
  .requiredOption('--out <file>', 'one NDJSON line for each changed report and each alert')
  .option('--config <directory>', 'matched to the recording by its hash; may repeat', list, [])
  .option('--verdicts', 'add the verdict of every source')
  .option('--risk', 'add the risk figures')
  .option('--bytes', 'add canonical bytes, headers and signatures')
  .option('--data <directory>', 'go on where this ledger ends, and append to it')
  .option('--html <file>', 'draw price, band, venues and status of every feed')
  .option('--keystore <file>', 'the key to sign with')
  .option('--development-key', 'sign with the key that everyone knows')
  .action(async (options: ReplayOptions) => (await import('./commands/replay.command')).run(options));

program
  .command('ledger')
  .description('write what a service published, in the lines of a replay')
  .requiredOption('--data <directory>', 'where the ledger is kept')
  .requiredOption('--out <file>')
  .option('--config <directory>', 'what was published', 'config')
  .option('--verdicts', 'add the verdict of every source')
  .option('--risk', 'add the risk figures')
  .option('--bytes', 'add canonical bytes, headers and signatures')
  .action(async (options: LedgerOptions) => (await import('./commands/ledger.command')).run(options));

program
  .command('lab')
  .description('attack Assay and the rules of others in one simulated market, and score them')
  .option('--scenario <names...>', 'instead of all')
  .option('--scenario-file <file>', "scenarios of one's own, YAML or JSON, in the words of docs/lab.md")
  .option('--rule <names...>', 'instead of all')
  .option('--seeds <number>', 'how many markets to simulate', '1')
  .option('--first-seed <number>', 'the first of them', '1')
  .option('--jobs <number>', 'threads; as many as there are processors by default')
  .option('--config <directory>', 'what Assay publishes there', 'config/lab')
  .option('--json', 'print one JSON object as the last line')
  .option('--html <file>', 'draw the first seed of every scenario')
  .option('--emit <file>', 'write the input of one run as a recording, gzip where the name ends in .gz')
  .action(async (options: LabOptions) => (await import('./commands/lab.command')).run(options));

program
  .command('import <format> <files...>')
  .description('turn the captures of others into a recording; formats: cryptofeed, trades, minutes')
  .requiredOption('--out <file>', 'gzip where the name ends in .gz')
  .option(
    '--fixture <venue:instrument=price>',
    'a price that nobody recorded and that is assumed; may repeat',
    list,
    [],
  )
  .action(async (format: string, files: string[], options: ImportOptions) =>
    (await import('./commands/import.command')).run(format, files, options),
  );

program
  .command('backtest <files...>')
  .description('walk the risk model and its rivals over CSV files of prices')
  .option('--horizons <durations>', 'what to forecast', '1h,1d,10d')
  .option('--from <time>', 'judge from here on; what lies before is learnt from')
  .option('--to <time>', 'judge up to here')
  .option('--json', 'print one JSON object as the last line')
  .option('--html <file>', 'draw forecasts and breaches')
  .action(async (files: string[], options: BacktestOptions) =>
    (await import('./commands/backtest.command')).run(files, options),
  );

const keys = program.command('keys').description('make, take over, list and replace signing keys');
const PASSWORD = 'its password comes from ASSAY_KEYSTORE_PASSWORD or its _FILE';

keys
  .command('new')
  .description('make a key')
  .requiredOption('--out <file>', `the new keystore; ${PASSWORD}`)
  .action(async ({ out }: { out: string }) => {
    const { newKey } = await import('./commands/keys.command');
    process.stdout.write(`${await newKey(out, process.env)}\n`);
  });

keys
  .command('import')
  .description('take a key from stdin, from ASSAY_IMPORT_KEY or its _FILE, or from another keystore')
  .requiredOption('--out <file>', `the new keystore; ${PASSWORD}`)
  .option('--from <keystore>', 'of version 3, as geth or ethers write it; password: ASSAY_IMPORT_PASSWORD or its _FILE')
  .action(async (options: ImportKeyOptions) => {
    const { importKey } = await import('./commands/keys/import-key');
    process.stdout.write(`${await importKey(options, process.env, process.stdin)}\n`);
  });

keys
  .command('list <directory>')
  .description('say whose keys the keystores of a directory are')
  .action(async (directory: string) => {
    const { listKeys } = await import('./commands/keys/list-keys');
    const { keys: found, remarks } = await listKeys(directory);
    for (const key of found) process.stdout.write(`${key}\n`);
    for (const remark of remarks) process.stderr.write(`assay: ${remark}\n`);
  });

keys
  .command('rotate')
  .description('make the next key, and say what is to be done with it, on chains too')
  .requiredOption('--retire <address>', 'the key that goes')
  .option('--config <directory>', 'with quorum.yaml and relay.yaml where there are any', 'config')
  .option('--out <file>', `the new keystore; ${PASSWORD}`)
  .option('--to <address>', 'instead of --out, the key of a remote signer')
  .option('--overlap <seconds>', 'for so long contracts still believe the old set', '3600')
  .action(async (options: RotateOptions) => {
    const { rotateKey } = await import('./commands/keys/rotate-key');
    process.stdout.write(`${await rotateKey(options, process.env)}\n`);
  });

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`assay: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
