import { z } from 'zod';
import type { Outcome } from '../dialect';
import { DECIMAL } from './decimal';
import { ISO_TIME, isoTimeAt } from './iso-time';
import { rejected } from './outcomes';

/**
 * The long way into a frame, which is the authority: JSON.parse, then a schema. Schemas name only what is wanted, and
 * let an exchange add fields; figures come out of them as numbers.
 */
export function readJson(frame: string, then: (json: unknown) => readonly Outcome[]): readonly Outcome[] {
  let json: unknown;
  try {
    json = JSON.parse(frame);
  } catch {
    return rejected('notJson', frame);
  }
  return then(json);
}

export function understood<T>(
  schema: z.ZodType<T>,
  json: unknown,
  then: (message: T) => readonly Outcome[],
): readonly Outcome[] {
  const result = schema.safeParse(json);
  if (result.success) return then(result.data);
  const { issues } = result.error;
  const reason = issues.every(({ message }) => message === NOT_A_NUMBER) ? NOT_A_NUMBER : 'wrongShape';
  return rejected(reason, issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

const NOT_A_NUMBER = 'notANumber';
const WHOLE_DECIMAL = new RegExp(`^${DECIMAL}$`);
const WHOLE_ISO_TIME = new RegExp(`^${ISO_TIME}$`);

function notANumber(context: z.RefinementCtx): never {
  context.addIssue({ code: 'custom', message: NOT_A_NUMBER });
  return z.NEVER;
}

/** A decimal in a string. `''`, `'NaN'`, `'1e308'` and what float64 cannot hold are not numbers. */
export const decimal = z.string().transform((text, context) => {
  const value = WHOLE_DECIMAL.test(text) ? Number(text) : NaN;
  return Number.isFinite(value) ? value : notANumber(context);
});

/** A JSON number; `1e999`, which JSON.parse takes for infinity, is none. */
export const number = z.number({ error: ({ input }) => (typeof input === 'number' ? NOT_A_NUMBER : undefined) });

/** A figure in either notation. */
export const figure = z.union([number, decimal], {
  error: ({ input }) => (typeof input === 'number' || typeof input === 'string' ? NOT_A_NUMBER : undefined),
});

/** A whole JSON number from 0 to 2^53 - 1. */
export const integer = z.int().nonnegative();

/** A whole number from 0 to 2^53 - 1 in a string. */
export const integerText = z.string().transform((text, context) => {
  const value = /^(?:0|[1-9]\d*)$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : notANumber(context);
});

/** RFC 3339 in UTC, as epoch milliseconds. */
export const isoTime = z.string().transform((text, context) => {
  const at = WHOLE_ISO_TIME.test(text) ? isoTimeAt(text, 0, text.length) : NaN;
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'is no RFC 3339 time in UTC' });
  return z.NEVER;
});

export interface Level {
  readonly price: number;
  readonly size: number;
}

/** One level of a book; exchanges append counts of orders and the like. */
const level = z
  .tuple([decimal, decimal])
  .rest(z.unknown())
  .transform(([price, size]): Level => ({ price, size }));

/** The best level of one side of a book, which exchanges write first; undefined where the side is empty. */
export const bestLevel = z
  .array(z.unknown())
  .transform(([best]) => best)
  .pipe(level.optional());

/** All levels of one side of a book, or of a change to it. */
export const levels = z.array(level);
