import { Intake, type Voice } from '../inbound/intake';
import { dialectNamed } from '../inbound/venues/registry';
import { Oracle, type OracleState } from '../oracle/oracle';
import type { RiskModels } from '../oracle/risk-past';
import { HeaderDigest } from '../oracle/reporting/header-digest';
import type { Keccak } from '../oracle/reporting/keccak';
import { AlertLifecycle } from '../outbound/alerts/lifecycle';
import { alertRules } from '../outbound/alerts/rules/all-rules';
import type { Signer } from '../outbound/signing/signer';
import { configHashBytes, type Configuration } from '../platform/config/configuration';
import { Engine } from './engine';
import { stateFromJson } from './state-json';

export interface EngineOptions {
  readonly keccak: Keccak;
  /** Without one, entries carry an empty signature: for replays that nobody verifies. */
  readonly signer: Signer | undefined;
  /** What `Engine.state()` gave, or `Engine.checkpoint()`; cold without it. */
  readonly state?: unknown;
  /** What was saved with checkpoints. */
  readonly models?: RiskModels;
}

/** What an engine's state holds, read back. */
interface EngineState {
  readonly oracle: OracleState;
  readonly alerts: ReturnType<AlertLifecycle['state']>;
}

/** Puts an engine together for a configuration: the same parts for the live service and for a replay. */
export function buildEngine(configuration: Configuration, { keccak, signer, state, models }: EngineOptions): Engine {
  const { plan } = configuration;
  const start = state === undefined ? undefined : (stateFromJson(state) as EngineState);
  const options = {
    keccak,
    configHash: configHashBytes(configuration),
    signerEpoch: configuration.service.signer.epoch,
  };
  const alerts = new AlertLifecycle(plan, alertRules(configuration.alerts.rules), start?.alerts);
  return new Engine({
    intake: new Intake(plan, voicesOf(configuration)),
    oracle: new Oracle(plan, options, start?.oracle, models),
    alerts,
    digest: new HeaderDigest(plan.network, keccak),
    signer,
  });
}

export function voicesOf({ venues }: Configuration): Voice[] {
  return venues.map(({ name, dialect, instruments }) => ({ venue: name, dialect: dialectNamed(dialect), instruments }));
}
