import type { ApiResponseOptions } from '@nestjs/swagger';
import { z } from 'zod';

type Schema = Extract<ApiResponseOptions, { schema: unknown }>['schema'];

/** A zod schema as OpenAPI's own, a dialect of JSON Schema. */
export function answerSchema(answer: z.ZodType): { readonly schema: Schema } {
  return { schema: z.toJSONSchema(answer, { target: 'openapi-3.0' }) as Schema };
}
