import { z } from 'zod';
import { EXTRA_CHANNELS } from './subscription';

/** Stable: clients decide by these (docs/stream.md). */
export type ErrorCode = 'malformed' | 'unknownOperation' | 'unknownFeed' | 'unknownGroup' | 'tooMany' | 'tooLarge';

export type RequestId = number | string;

export interface RequestError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly id?: RequestId | undefined;
}

const OPERATIONS = ['subscribe', 'unsubscribe', 'ping'] as const;

const id = z.union([z.int(), z.string().max(64)]).optional();
const feeds = z.union([z.literal('*'), z.array(z.string()).min(1)]);
const wanted = { id, feeds: feeds.optional(), groups: z.array(z.string()).min(1).optional() };
const namesSome = ({ feeds, groups }: { feeds?: unknown; groups?: unknown }) =>
  feeds !== undefined || groups !== undefined;
const NAMES_NONE = 'feeds, groups or both are needed';

const request = z.discriminatedUnion('op', [
  z
    .strictObject({
      op: z.literal('subscribe'),
      ...wanted,
      channels: z
        .array(z.enum(['price', ...EXTRA_CHANNELS]))
        .min(1)
        .optional(),
    })
    .refine(namesSome, NAMES_NONE),
  z.strictObject({ op: z.literal('unsubscribe'), ...wanted }).refine(namesSome, NAMES_NONE),
  z.strictObject({ op: z.literal('ping'), id }),
]);

export type Request = z.infer<typeof request>;
export type FeedNames = z.infer<typeof feeds>;

/** Reads a client's message. Whatever it holds, the answer is a request or an error, never a throw. */
export function parseRequest(data: Buffer, isBinary: boolean): Request | { readonly error: RequestError } {
  if (isBinary) return malformed('a binary message; send JSON as text');
  let message: unknown;
  try {
    message = JSON.parse(data.toString());
  } catch {
    return malformed('not JSON');
  }
  const parsed = request.safeParse(message);
  if (parsed.success) return parsed.data;
  const said = z
    .object({ id: id.catch(undefined), op: z.string().optional().catch(undefined) })
    .safeParse(message).data;
  if (said?.op !== undefined && !OPERATIONS.some((op) => op === said.op)) {
    const text = `operation ${quoted(said.op)} is none of ${OPERATIONS.join(', ')}`;
    return { error: { code: 'unknownOperation', message: text, id: said.id } };
  }
  const [issue] = parsed.error.issues;
  return malformed(`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(), said?.id);
}

export function errorText({ code, message, id }: RequestError): string {
  return JSON.stringify({ type: 'error', id, code, message });
}

/** A client's own word, short enough to be sent back. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function malformed(message: string, id?: RequestId): { readonly error: RequestError } {
  return { error: { code: 'malformed', message, id } };
}
