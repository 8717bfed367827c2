import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { dialectNames } from '../inbound/venues/registry';
import type { ReplayColumns } from '../lab/drawing/replay-columns';
import type { Keccak } from '../oracle/reporting/keccak';
import { createSigner } from '../outbound/signing/create-signer';
import { readKeystorePassword } from '../outbound/signing/keystore-password';
import type { Signer } from '../outbound/signing/signer';
import type { Configuration } from '../platform/config/configuration';
import { loadConfiguration } from '../platform/config/load';
import { loadKeccak } from '../platform/keccak';
import { createLogger } from '../platform/logging/logger';
import { readRecording } from '../recording/reader';
import { KeptLedger } from './replay/kept-ledger';
import { MarketWitness } from './replay/market-witness';
import { Replay, type ReplayParts } from './replay/replay';

export interface ReplayOptions {
  readonly config: readonly string[];
  readonly in: string;
  readonly out: string;
  readonly verdicts?: boolean;
  readonly risk?: boolean;
  readonly bytes?: boolean;
  readonly data?: string;
  readonly html?: string;
  readonly keystore?: string;
  readonly developmentKey?: boolean;
}

/**
 * `assay replay`: the recorded input through the same engine as live, time moved by `at` alone. Writes the lines of
 * docs/recording.md; with `--bytes` and the key, the signatures too; with `--html` a drawing beside them; with `--data` it
 * goes on where that ledger ends and appends to it.
 */
export async function run(options: ReplayOptions): Promise<void> {
  const configurations = options.config.map((directory) => loadConfiguration(directory, dialectNames));
  const keccak = await loadKeccak();
  const signerFor = (configuration: Configuration): Promise<Signer | undefined> =>
    signerOf(options, configuration, keccak);
  const drawing = options.html === undefined ? undefined : await openDrawing(options.in, options.html);
  const kept = options.data === undefined ? undefined : await KeptLedger.open(options.data);
  try {
    const replay = new Replay({ configurations, keccak, signerFor, kept, ...drawing?.parts });
    const lines = replay.lines(readRecording(options.in, { onTruncated }), options);
    await pipeline(lines, createWriteStream(options.out, { flags: 'wx' }));
  } finally {
    await kept?.close();
  }
  await drawing?.write();
}

/** A crash tore the last line; what stands before it is replayed. */
function onTruncated({ message }: Error): void {
  process.stderr.write(`assay: ${message}\n`);
}

async function signerOf(options: ReplayOptions, { plan }: Configuration, keccak: Keccak): Promise<Signer | undefined> {
  const { keystore, developmentKey = false, bytes, data } = options;
  if (keystore === undefined && !developmentKey) {
    const signing = bytes === true ? '--bytes' : data === undefined ? undefined : '--data';
    if (signing !== undefined) {
      throw new Error(`${signing} signs: name the key with --keystore FILE or --development-key`);
    }
    return undefined;
  }
  const password = (): Promise<string> => readKeystorePassword(process.env);
  const settings = { network: plan.network, keystoreFile: keystore, password, development: developmentKey };
  return createSigner(settings, keccak, createLogger());
}

interface Drawing {
  readonly parts: Pick<ReplayParts, 'witnessFor'>;
  /** Writes the page, once the replay is over. */
  write(): Promise<void>;
}

async function openDrawing(recording: string, file: string): Promise<Drawing> {
  const { StandingWords } = await import('../lab/drawing/standing-words');
  const { ReplayColumns } = await import('../lab/drawing/replay-columns');
  const { replayPage } = await import('../lab/drawing/replay-page');
  let columns: ReplayColumns | undefined;
  return {
    parts: {
      witnessFor: (plan) => {
        const words = new StandingWords(plan);
        columns = new ReplayColumns(plan, words);
        return new MarketWitness(words, [columns]);
      },
    },
    write: () => writeFile(file, replayPage('Replay', [{ title: recording, drawings: columns?.drawings() ?? [] }])),
  };
}
