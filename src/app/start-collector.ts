import { systemClock, systemTimers } from '../platform/clock/system-clock';
import type { Configuration } from '../platform/config/configuration';
import { loadKeccak } from '../platform/keccak';
import { createLogger } from '../platform/logging/logger';
import { CutMeter } from '../platform/metrics/cut-meter';
import { createMetrics } from '../platform/metrics/metrics';
import { MemoryLedger } from '../outbound/ledger/memory-ledger';
import { buildEngine } from '../runtime/build-engine';
import { openOutbox } from '../runtime/runtime.module';
import { TurnService } from '../runtime/turn.service';
import { openChains, openVenues } from './inbound-services';

/**
 * Listens as configured and records; the oracle runs unsigned beside it, so that a recording is stamped by the very
 * loop that would have published. Returns what stops it.
 */
export async function startCollector(
  configuration: Configuration,
  recordFile: string,
  environment: NodeJS.ProcessEnv,
): Promise<() => Promise<void>> {
  const parts = { clock: systemClock, timers: systemTimers, metrics: createMetrics(), log: createLogger() };
  const keccak = await loadKeccak();
  const cuts = new CutMeter(parts.metrics, configuration.plan, systemClock);
  const outbox = await openOutbox(new MemoryLedger(1), { ...parts, configuration, cuts, recordFile });
  const turn = new TurnService(
    buildEngine(configuration, { keccak, signer: undefined }),
    systemClock,
    systemTimers,
    outbox,
  );
  const venues = openVenues(configuration, turn, parts);
  const chains = openChains(configuration, environment, turn, parts);
  turn.start();
  venues.start();
  chains.start();
  return async () => {
    chains.stop();
    venues.stop();
    turn.stop();
    await outbox.settled();
  };
}
