import { Intake, type Voice } from '../../src/inbound/intake';
import { dialectNamed } from '../../src/inbound/venues/registry';
import { HeaderDigest } from '../../src/oracle/reporting/header-digest';
import type { OraclePlan } from '../../src/oracle/plan';
import type { OracleState } from '../../src/oracle/oracle';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { AlertLifecycle } from '../../src/outbound/alerts/lifecycle';
import { Engine } from '../../src/runtime/engine';
import { newOracle } from './oracle-driver';

/** Every venue of the plan speaks the generic dialect. */
function genericVoices(plan: OraclePlan): Voice[] {
  const venues = [...new Set(plan.sources.map(({ venue }) => venue))];
  return venues.map((venue) => ({
    venue,
    dialect: dialectNamed('generic'),
    instruments: plan.sources.filter((source) => source.venue === venue).map(({ instrument }) => instrument),
  }));
}

/** An engine without alerts and without a signer. */
export function plainEngine(plan: OraclePlan, keccak: Keccak, state?: OracleState): Engine {
  return new Engine({
    intake: new Intake(plan, genericVoices(plan)),
    oracle: newOracle(plan, keccak, state),
    alerts: new AlertLifecycle(plan, []),
    digest: new HeaderDigest(plan.network, keccak),
    signer: undefined,
  });
}

/** A quote in the generic venue's own words. */
export function genericFrame(instrument: string, price: number): string {
  return JSON.stringify({ instrument, bid: String(price), ask: String(price) });
}
