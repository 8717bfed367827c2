import type { OraclePlan } from '../../oracle/plan';
import type { ReaderRow } from './schema';

/** A configuration that was proved: plain data, which a caller may copy with other endpoints or operators. */
export interface Configuration {
  /** What is published; the only part that the hash covers. */
  readonly plan: OraclePlan;
  /** `sha256:` and 64 hex digits. */
  readonly configHash: string;
  /** A price of the right order for each feed of the plan: it proved the decimals, and a simulation may start from it. */
  readonly nominalPrices: readonly number[];
  readonly venues: readonly VenueConfiguration[];
  readonly chains: readonly ChainConfiguration[];
  readonly alerts: AlertConfiguration;
  readonly service: ServiceConfiguration;
}

export interface VenueConfiguration {
  readonly name: string;
  readonly dialect: string;
  /** Instead of the dialect's own. */
  readonly endpoint: string | undefined;
  /** Every instrument that some feed listens to, in the order of the plan. */
  readonly instruments: readonly string[];
}

export interface ChainConfiguration {
  readonly name: string;
  readonly chainId: number;
  /** Name of the environment variable with the nodes' addresses; where it is not set the chain is not read. */
  readonly rpcUrlEnv: string;
  /** How many nodes must find the same; absent: more than half of those that are named. */
  readonly agree: number | undefined;
  readonly pollMs: number;
  /** Of a rollup: its sequencer's uptime feed, and how long after an outage its chain is not believed. */
  readonly sequencer: SequencerConfiguration | undefined;
  readonly readers: readonly ReaderConfiguration[];
}

export interface SequencerConfiguration {
  /** `sequencer:arbitrum` */
  readonly id: string;
  readonly address: string;
  readonly graceMs: number;
  readonly maxBlockAgeMs: number;
}

/** As its row says, with the id that it has in the plan and in a recording: `chainlink:BTC/USD`. */
export type ReaderConfiguration = ReaderRow & { readonly id: string };

export interface AlertConfiguration {
  readonly rules: Readonly<Record<'sourceDown' | 'mediansDisagree' | 'feedHalted', AlertRuleConfiguration>> & {
    /** By feed, the cost to move below which it fires, in the feed's quote currency. */
    readonly cheapToMove?: (AlertRuleConfiguration & { readonly floors: Readonly<Record<string, number>> }) | undefined;
  };
  readonly sinks: {
    readonly log: boolean;
    /** Where its environment variable is not set there is no webhook. */
    readonly webhook: { readonly urlEnv: string; readonly timeoutMs: number } | undefined;
  };
}

export interface AlertRuleConfiguration {
  readonly severity: 'warning' | 'critical';
  /** How long the condition holds before the alert fires. */
  readonly forMs: number;
}

export interface ServiceConfiguration {
  readonly http: { readonly host: string; readonly port: number };
  readonly ledger: { readonly retainMs: number };
  readonly signer: {
    /** Counts changes of the signer set; stands in every header. */
    readonly epoch: number;
    /** The web3signer that holds this process's key. */
    readonly remote?: { readonly url: string; readonly address: string; readonly timeoutMs: number } | undefined;
  };
  /** Addresses whose signed instructions are obeyed, in small letters. */
  readonly operators: readonly string[];
}

/** The 32 bytes behind `sha256:…`, as a header carries them. */
export function configHashBytes({ configHash }: Pick<Configuration, 'configHash'>): Uint8Array {
  return Buffer.from(configHash.slice('sha256:'.length), 'hex');
}
