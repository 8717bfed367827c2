import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { dialectNames } from '../inbound/venues/registry';
import { HeaderDigest } from '../oracle/reporting/header-digest';
import type { Keccak } from '../oracle/reporting/keccak';
import type { EpochMs } from '../oracle/units/time';
import { createSigner } from '../outbound/signing/create-signer';
import { readKeystorePassword } from '../outbound/signing/keystore-password';
import type { Signer } from '../outbound/signing/signer';
import type { Configuration } from '../platform/config/configuration';
import { loadConfiguration } from '../platform/config/load';
import { loadKeccak } from '../platform/keccak';
import { createLogger } from '../platform/logging/logger';
import type { RecordedEvent } from '../recording/event';
import { readRecording } from '../recording/reader';
import { ReportLines } from '../recording/report-lines';
import { buildEngine } from '../runtime/build-engine';
import type { Engine } from '../runtime/engine';

export interface ReplayOptions {
  readonly config: readonly string[];
  readonly in: string;
  readonly out: string;
  readonly verdicts?: boolean;
  readonly risk?: boolean;
  readonly bytes?: boolean;
  readonly keystore?: string;
  readonly developmentKey?: boolean;
}

/**
 * `assay replay`: the recorded input through the same engine as live, time moved by `at` alone. Writes the lines of
 * docs/recording.md; with `--bytes` and the key, the signatures too.
 */
export async function run(options: ReplayOptions): Promise<void> {
  const configurations = options.config.map((directory) => loadConfiguration(directory, dialectNames));
  const keccak = await loadKeccak();
  const replay = new Replay(configurations, keccak, (configuration) => signerFor(options, configuration, keccak));
  const lines = replay.lines(readRecording(options.in, { onTruncated }), options);
  await pipeline(lines, createWriteStream(options.out, { flags: 'wx' }));
}

/** A crash tore the last line; what stands before it is replayed. */
function onTruncated({ message }: Error): void {
  process.stderr.write(`assay: ${message}\n`);
}

async function signerFor(options: ReplayOptions, { plan }: Configuration, keccak: Keccak): Promise<Signer | undefined> {
  const { keystore, developmentKey = false, bytes } = options;
  if (keystore === undefined && !developmentKey) {
    if (bytes === true) throw new Error('--bytes signs: name the key with --keystore FILE or --development-key');
    return undefined;
  }
  const password = (): Promise<string> => readKeystorePassword(process.env);
  const settings = { network: plan.network, keystoreFile: keystore, password, development: developmentKey };
  return createSigner(settings, keccak, createLogger());
}

class Replay {
  private state: unknown;
  private configHash: string | undefined;
  private engine: Engine | undefined;
  private report: ((at: EpochMs) => string[]) | undefined;

  constructor(
    private readonly configurations: readonly Configuration[],
    private readonly keccak: Keccak,
    private readonly signerFor: (configuration: Configuration) => Promise<Signer | undefined>,
  ) {}

  /** Events of equal `at` are one turn: they are all heard before time moves on. */
  async *lines(events: AsyncIterable<RecordedEvent>, options: ReplayOptions): AsyncGenerator<string> {
    let at: EpochMs | undefined;
    for await (const event of events) {
      if (at !== undefined && event.at > at) yield* this.advance(at);
      if ('state' in event) {
        this.state = event.state;
        continue;
      }
      at = event.at;
      if (this.engine === undefined) await this.begin(this.configurationFor(event), options);
      else if ('config' in event && event.config !== this.configHash)
        throw new Error(`at ${event.at} the configuration changes; replay each part by itself`);
      this.engine?.hear(event);
    }
    if (at !== undefined) yield* this.advance(at);
  }

  private *advance(at: EpochMs): Generator<string> {
    for (const line of this.report?.(at) ?? []) yield `${line}\n`;
  }

  private async begin(configuration: Configuration, options: ReplayOptions): Promise<void> {
    const signer = await this.signerFor(configuration);
    const engine = buildEngine(configuration, { keccak: this.keccak, signer, state: this.state });
    const digest = new HeaderDigest(configuration.plan.network, this.keccak);
    const lines = new ReportLines(configuration.plan, options);
    this.configHash = configuration.configHash;
    this.engine = engine;
    this.report = (at) =>
      [...engine.advance(at)].flatMap(({ cut, alerts, signature }) =>
        lines.of(cut, { alerts, signature, digest: digest.of(cut.header) }),
      );
  }

  /** A recording of ours names its configuration first; one made elsewhere takes the only one that is given. */
  private configurationFor(event: RecordedEvent): Configuration {
    const [only, ...others] = this.configurations;
    if (!('config' in event)) {
      if (only === undefined || others.length > 0) {
        throw new Error(
          `the recording names no configuration; give exactly one --config, not ${this.configurations.length}`,
        );
      }
      return only;
    }
    const named = this.configurations.find(({ configHash }) => configHash === event.config);
    if (named !== undefined) return named;
    const given = this.configurations.map(({ configHash }) => configHash).join(', ');
    throw new Error(`the recording was made under ${event.config}; --config gives ${given || 'none'}`);
  }
}
