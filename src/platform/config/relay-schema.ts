import { z } from 'zod';
import { address, ageMs, bps, count, environmentVariable, nameSchema } from './schema';

/** The shapes of relay.yaml, which only `assay serve --role relayer` reads. */
export const fromSchema = z.url({ protocol: /^wss?$/ });

export const storeSchema = z.strictObject({
  group: nameSchema,
  address,
  heartbeatMs: ageMs,
  deviationBps: bps,
  /** Of feeds that have a limit of their own. */
  deviations: z.record(z.string(), bps).default({}),
  lateAfterMs: ageMs,
});
export type StoreRow = z.output<typeof storeSchema>;

export const relayChainSchema = z.strictObject({
  chainId: count,
  rpcUrlEnvs: z.array(environmentVariable).min(1),
  blockMs: ageMs,
  pollMs: z.int().min(100),
  maxFeePerGasGwei: z.number().positive().max(1_000_000),
  maxGasPerDay: count,
  replaceAfterMs: ageMs,
  stores: z.array(storeSchema).min(1),
});
