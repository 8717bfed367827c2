import type { Outcome } from '../../inbound/dialect';
import type { Cut } from '../../oracle/cut';
import type { OraclePlan } from '../../oracle/plan';
import { HeaderDigest } from '../../oracle/reporting/header-digest';
import type { Keccak } from '../../oracle/reporting/keccak';
import type { EpochMs } from '../../oracle/units/time';
import type { LedgerEntry } from '../../outbound/ledger/ledger';
import type { Signer } from '../../outbound/signing/signer';
import type { Configuration } from '../../platform/config/configuration';
import type { RecordedEvent } from '../../recording/event';
import { ReportLines, type ReportLineOptions } from '../../recording/report-lines';
import { buildEngine } from '../../runtime/build-engine';
import type { Engine } from '../../runtime/engine';
import { restoreEngine } from '../../runtime/restore-engine';
import type { KeptLedger } from './kept-ledger';

export interface ReplayParts {
  /** One of them is the recording's. */
  readonly configurations: readonly Configuration[];
  readonly keccak: Keccak;
  readonly signerFor?: (configuration: Configuration) => Promise<Signer | undefined>;
  /** Asked once, when the recording's configuration is known. */
  readonly witnessFor?: (plan: OraclePlan) => ReplayWitness;
  /** Where to go on from and what to append to, as a service does with its own. */
  readonly kept?: KeptLedger | undefined;
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
  private write: ((entry: LedgerEntry) => string[]) | undefined;

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
      if (this.engine === undefined) await this.begin(this.configurationFor(event), at, options);
      else if ('config' in event && event.config !== this.configHash)
        throw new Error(`at ${event.at} the configuration changes; replay each part by itself`);
      const outcomes = this.engine?.hear(event) ?? [];
      this.witness?.hear(event, outcomes);
    }
    if (at !== undefined) yield* this.advance(at);
    await this.parts.kept?.settle();
  }

  private async *advance(at: EpochMs): AsyncGenerator<string> {
    for (const entry of this.engine?.advance(at) ?? []) {
      this.witness?.take(entry.cut);
      await this.parts.kept?.append(entry);
      for (const line of this.write?.(entry) ?? []) yield `${line}\n`;
    }
  }

  private async begin(configuration: Configuration, at: EpochMs, options: ReportLineOptions): Promise<void> {
    const { keccak, signerFor, witnessFor } = this.parts;
    const { plan, configHash } = configuration;
    this.engine = await this.start(configuration, at, await signerFor?.(configuration));
    const digest = new HeaderDigest(plan.network, keccak);
    const lines = new ReportLines(plan, options);
    this.configHash = configHash;
    this.witness = witnessFor?.(plan);
    this.write = ({ cut, alerts, signature }) => lines.of(cut, { alerts, signature, digest: digest.of(cut.header) });
  }

  /** From what the recording says it started from, or from where the ledger ends. */
  private async start(configuration: Configuration, at: EpochMs, signer: Signer | undefined): Promise<Engine> {
    const { parts, state } = this;
    const options = { keccak: parts.keccak, signer, state };
    const ledger = parts.kept?.ledger;
    const last = await ledger?.last();
    if (ledger === undefined || last === undefined) return buildEngine(configuration, options);
    if (state !== undefined) {
      throw new Error('the recording has a state to start from, and the ledger another; choose a new --data directory');
    }
    if (at <= last.cut.at) {
      throw new Error(`the recording begins at ${at}, and the ledger ends at ${last.cut.at}; a ledger only goes on`);
    }
    return restoreEngine(configuration, ledger, options);
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
