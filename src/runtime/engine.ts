import type { Intake } from '../inbound/intake';
import type { Outcome } from '../inbound/dialect';
import type { Cut } from '../oracle/cut';
import { drive } from '../oracle/drive';
import type { OracleInput } from '../oracle/input';
import type { Oracle } from '../oracle/oracle';
import type { HeaderDigest } from '../oracle/reporting/header-digest';
import { MINUTE_MS, type EpochMs } from '../oracle/units/time';
import type { AlertLifecycle } from '../outbound/alerts/lifecycle';
import type { LedgerEntry } from '../outbound/ledger/ledger';
import type { Signer } from '../outbound/signing/signer';
import type { OperatorEvent, OperatorInstruction, RecordedEvent } from '../recording/event';
import { stateToJson } from './state-json';

const NO_SIGNATURE = new Uint8Array(0);

export interface EngineParts {
  readonly intake: Intake;
  readonly oracle: Oracle;
  readonly alerts: AlertLifecycle;
  readonly digest: HeaderDigest;
  /** Absent in a replay that nobody verifies: then signatures are empty. */
  readonly signer: Signer | undefined;
}

/** How much finer than a millisecond an instant may be: representable exactly beside today's epoch milliseconds. */
const INSTANT_STEP_MS = 1 / 1024;

/**
 * From recorded events to ledger entries, without a clock, a socket or a timer: the live service and a replay are two
 * ways to drive this.
 */
export class Engine {
  private inputs: OracleInput[] = [];
  private instructions: OperatorEvent[] = [];
  private heardAt: EpochMs = -Infinity;
  private sealedAt: EpochMs = -Infinity;

  constructor(private readonly parts: EngineParts) {}

  /** Continues after a cut that was published before: call in order, before anything else. */
  absorb({ cut }: LedgerEntry): void {
    this.parts.oracle.absorb(cut);
    this.parts.alerts.evaluate(cut);
  }

  /** The instant that an event heard now carries: never that of a cut already made, nor before any other event. */
  stamp(now: EpochMs): EpochMs {
    return Math.max(now, this.heardAt, this.parts.oracle.cutAt + INSTANT_STEP_MS);
  }

  /** How far time has come: the instant of the last cut or of what was heard after it. */
  get reachedAt(): EpochMs {
    return Math.max(this.heardAt, this.parts.oracle.cutAt);
  }

  /** Takes an event; all that are heard between two calls of `advance` carry the same instant. */
  hear(event: RecordedEvent): readonly Outcome[] {
    this.heardAt = event.at;
    if ('operator' in event) this.instructions.push(event);
    return this.parts.intake.take(event, this.inputs);
  }

  dueAt(): EpochMs {
    return this.parts.oracle.dueAt();
  }

  /** Brings the oracle to an instant with what was heard at it; every cut made on the way is signed. */
  *advance(at: EpochMs): Generator<LedgerEntry, void> {
    const { inputs } = this;
    this.inputs = [];
    for (const cut of drive(this.parts.oracle, at, inputs)) {
      yield this.seal(cut);
    }
  }

  /** What an engine of the same configuration can start from, as JSON. */
  state(): unknown {
    return stateToJson({ oracle: this.parts.oracle.state(), alerts: this.parts.alerts.state() });
  }

  /** As `state`, for one that is also given the risk models that were saved: small enough for each minute. */
  checkpoint(): unknown {
    return stateToJson({ oracle: this.parts.oracle.checkpoint(), alerts: this.parts.alerts.state() });
  }

  /** Of a feed, the oldest first: what its parameters are to be fitted to. */
  hourlyReturns(feed: number): Float64Array {
    return this.parts.oracle.hourlyReturns(feed);
  }

  /** The first cut after a start has a checkpoint too: cuts alone do not tell that nobody watched before it. */
  private seal(cut: Cut): LedgerEntry {
    const { alerts, digest, signer } = this.parts;
    const entry = {
      cut,
      signature: signer?.sign(digest.of(cut.header)) ?? NO_SIGNATURE,
      alerts: alerts.evaluate(cut),
      operator: this.effective(cut),
    };
    const isDue = startsMinute(cut.at, this.sealedAt);
    this.sealedAt = cut.at;
    return isDue ? { ...entry, checkpoint: this.checkpoint(), models: this.parts.oracle.saveModels() } : entry;
  }

  /** Instructions wait for a cut of their own instant or later; those that fell due before it know nothing of them. */
  private effective(cut: Cut): readonly OperatorInstruction[] {
    const waiting = this.instructions.findIndex(({ at }) => at > cut.at);
    const effective = this.instructions.splice(0, waiting < 0 ? Infinity : waiting);
    return effective.map(({ operator }) => operator);
  }
}

function startsMinute(at: EpochMs, before: EpochMs): boolean {
  return Math.floor(at / MINUTE_MS) > Math.floor(before / MINUTE_MS);
}
