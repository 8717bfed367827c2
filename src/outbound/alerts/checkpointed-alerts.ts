import { z } from 'zod';
import type { AlertChange } from './alert';

const change = z.object({
  id: z.string(),
  rule: z.string(),
  subject: z.string(),
  severity: z.enum(['warning', 'critical']),
  state: z.literal('firing'),
  since: z.number(),
  at: z.number(),
  cut: z.number(),
  summary: z.string(),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
});

/** The part of a checkpoint that is read here: under `alerts` stands the state of the `AlertLifecycle`. */
const checkpoint = z.object({ alerts: z.object({ firing: z.array(z.object({ alert: change })) }) });

/** The alerts that fired as of a checkpoint. Throws ZodError for a checkpoint that holds no alert state. */
export function checkpointedAlerts(value: unknown): AlertChange[] {
  return checkpoint.parse(value).alerts.firing.map(({ alert }) => alert);
}
