import type { z } from 'zod';
import type { OraclePlan } from '../../oracle/plan';
import { problem } from '../../platform/problem';

/** Reads a query; throws a problem that names each fault. */
export function readQuery<Query>(schema: z.ZodType<Query>, query: unknown): Query {
  const reading = schema.safeParse(query);
  if (reading.success) return reading.data;
  const faults = reading.error.issues.map(({ path, message }) => `${path.join('.') || 'query'}: ${message}`);
  throw problem(400, 'malformed', faults.join('; '));
}

/** The index of the feed with this name; throws a problem if there is none. */
export function feedNamed({ feeds }: Pick<OraclePlan, 'feeds'>, id: string): number {
  const index = feeds.findIndex((feed) => feed.id === id);
  if (index < 0) throw problem(404, 'unknownFeed', `no feed is called "${id.slice(0, 40)}"; see GET /v1/feeds`);
  return index;
}
