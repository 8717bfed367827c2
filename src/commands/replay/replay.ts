import type { Outcome } from '../../inbound/dialect';
import type { Cut } from '../../oracle/cut';
import type { OraclePlan } from '../../oracle/plan';
import { HeaderDigest } from '../../oracle/reporting/header-digest';
import type { Keccak } from '../../oracle/reporting/keccak';
import type { EpochMs } from '../../oracle/units/time';
import type { Signer } from '../../outbound/signing/signer';
import type { Configuration } from '../../platform/config/configuration';
import type { RecordedEvent } from '../../recording/event';
import { ReportLines, type ReportLineOptions } from '../../recording/report-lines';
import { buildEngine } from '../../runtime/build-engine';
import type { Engine } from '../../runtime/engine';

export interface ReplayParts {
  /** One of them is the recording's. */
  readonly configurations: readonly Configuration[];
  readonly keccak: Keccak;
  readonly signerFor?: (configuration: Configuration) => Promise<Signer | undefined>;
  /** Asked once, when the recording's configuration is known. */
  readonly witnessFor?: (plan: OraclePlan) => ReplayWitness;
}

/** Watches a replay from beside it, and changes nothing. */
export interface ReplayWitness {
  hear(event: RecordedEvent, outcomes: readonly Outcome[]): void;
  take(cut: Cut): void;
}

/** Recorded input through the same engine as live, time moved by `at` alone. */
export class Replay {
  private state: unknown;
  private configHash: string | undefined;
  private engine: Engine | undefined;
  private witness: ReplayWitness | undefined;
  private report: ((at: EpochMs) => string[]) | undefined;

  constructor(private readonly parts: ReplayParts) {}

  /** The lines of docs/recording.md. Events of equal `at` are one turn: they are all heard before time moves on. */
  async *lines(events: AsyncIterable<RecordedEvent>, options: ReportLineOptions): AsyncGenerator<string> {
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
      const outcomes = this.engine?.hear(event) ?? [];
      this.witness?.hear(event, outcomes);
    }
    if (at !== undefined) yield* this.advance(at);
  }

  private *advance(at: EpochMs): Generator<string> {
    for (const line of this.report?.(at) ?? []) yield `${line}\n`;
  }

  private async begin(configuration: Configuration, options: ReportLineOptions): Promise<void> {
    const { keccak, signerFor, witnessFor } = this.parts;
    const { plan, configHash } = configuration;
    const signer = await signerFor?.(configuration);
    const engine = buildEngine(configuration, { keccak, signer, state: this.state });
    const digest = new HeaderDigest(plan.network, keccak);
    const lines = new ReportLines(plan, options);
    const witness = witnessFor?.(plan);
    this.configHash = configHash;
    this.engine = engine;
    this.witness = witness;
    this.report = (at) =>
      [...engine.advance(at)].flatMap(({ cut, alerts, signature }) => {
        witness?.take(cut);
        return lines.of(cut, { alerts, signature, digest: digest.of(cut.header) });
      });
  }

  /** A recording of ours names its configuration first; one made elsewhere takes the only one that is given. */
  private configurationFor(event: RecordedEvent): Configuration {
    const { configurations } = this.parts;
    const [only, ...others] = configurations;
    if (!('config' in event)) {
      if (only === undefined || others.length > 0) {
        throw new Error(
          `the recording names no configuration; give exactly one --config, not ${configurations.length}`,
        );
      }
      return only;
    }
    const named = configurations.find(({ configHash }) => configHash === event.config);
    if (named !== undefined) return named;
    const given = configurations.map(({ configHash }) => configHash).join(', ');
    throw new Error(`the recording was made under ${event.config}; --config gives ${given || 'none'}`);
  }
}
