import { z } from 'zod';
import type { RecordedEvent } from './event';

/** An instant: epoch milliseconds, fractions allowed, never negative. */
const instant = z.number().nonnegative();
const name = z.string().min(1);
const connected = { at: instant, venue: name, connection: z.string() };

const operator = z
  .strictObject({
    halt: name.optional(),
    resume: name.optional(),
    by: name,
    why: z.string(),
    issuedAt: instant,
    signature: name,
  })
  .refine((said) => (said.halt === undefined) !== (said.resume === undefined), {
    message: 'exactly one of halt and resume must name a feed',
  });

/** One schema for each kind of line, under the key that only that kind has. */
const SCHEMAS = {
  state: z.strictObject({ at: instant, state: z.unknown() }),
  config: z.strictObject({
    at: instant,
    config: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 lower-case hex digits'),
    effectiveCut: z.int().nonnegative(),
  }),
  open: z.strictObject({ ...connected, open: z.boolean() }),
  frame: z.strictObject({ ...connected, frame: z.string() }),
  frameBase64: z.strictObject({ ...connected, frameBase64: z.base64() }),
  http: z.strictObject({ at: instant, venue: name, http: name, body: z.string() }),
  observation: z.strictObject({ at: instant, venue: name, observation: z.unknown() }),
  read: z.strictObject({
    at: instant,
    chain: name,
    reader: name,
    read: z.union([
      z.strictObject({ value: name, updatedAt: instant }),
      z.strictObject({ refused: z.enum(['atBound', 'sequencerDown']) }),
    ]),
  }),
  operator: z.strictObject({ at: instant, operator }),
  fit: z.strictObject({
    at: instant,
    fit: z.strictObject({
      feed: name,
      model: z.literal('garch'),
      parameters: z.array(z.number()).length(4),
      effectiveCut: z.int().nonnegative(),
    }),
  }),
} as const;

type Kind = keyof typeof SCHEMAS;
const KINDS = Object.keys(SCHEMAS) as Kind[];

/** The event a line holds, or `fault`: what is wrong with it and where in the line. */
export type EventReading = { readonly event: RecordedEvent } | { readonly fault: string };

/** Reads one line. The key that tells the kinds apart picks the schema, so that a fault speaks of that kind alone. */
export function readEvent(line: string): EventReading {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { fault: `not JSON: ${(error as SyntaxError).message}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { fault: 'not a JSON object' };
  const [kind, second] = KINDS.filter((candidate) => Object.hasOwn(value, candidate));
  if (kind === undefined) return { fault: `holds none of ${KINDS.join(', ')}; exactly one tells what the line is` };
  if (second !== undefined) return { fault: `holds both ${kind} and ${second}; a line says one thing` };
  const reading = SCHEMAS[kind].safeParse(value);
  if (!reading.success) return { fault: reading.error.issues.map(describeIssue).join('; ') };
  return { event: reading.data as RecordedEvent };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  return `${issue.path.length === 0 ? 'the line' : issue.path.join('.')}: ${issue.message}`;
}
