import type { Ledger, LedgerEntry } from '../outbound/ledger/ledger';
import type { Configuration } from '../platform/config/configuration';
import { buildEngine, type EngineOptions } from './build-engine';
import type { Engine } from './engine';
import { FeedNames } from './feed-names';

/**
 * An engine that continues where the ledger ends: from its newest checkpoint and the entries that followed. With an
 * empty ledger it is cold, or starts from `options.state`.
 */
export async function restoreEngine(
  configuration: Configuration,
  ledger: Ledger,
  options: EngineOptions,
): Promise<Engine> {
  const start = await ledger.checkpoint();
  const saved = start && { state: start.checkpoint, models: await ledger.models() };
  const engine = buildEngine(configuration, { ...options, ...saved });
  const names = new FeedNames(configuration.plan);
  const isOurs = (entry: LedgerEntry): boolean => hashOf(entry) === configuration.configHash;
  if (start !== undefined) names.translate(start);
  for await (const entry of ledger.read(start?.cut.number ?? -1)) {
    const translated = names.translate(entry);
    engine.absorb(isOurs(entry) ? entry : translated);
  }
  return engine;
}

function hashOf({ cut }: LedgerEntry): string {
  return `sha256:${Buffer.from(cut.header.configHash).toString('hex')}`;
}
