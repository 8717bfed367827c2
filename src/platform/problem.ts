import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';

/** Problem details, https://www.rfc-editor.org/rfc/rfc9457, with the stable code that programs decide by. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  /** What is wrong with this very request: the thing, the value, the limit. */
  readonly detail: string;
}

/** What a controller throws to refuse a request; `ProblemFilter` writes it. */
export function problem(status: number, code: string, detail: string): HttpException {
  const title = STATUS_CODES[status] ?? 'Error';
  return new HttpException(
    { type: `urn:assay:problem:${code}`, title, status, code, detail } satisfies Problem,
    status,
  );
}

interface Reply {
  status(code: number): Reply;
  type(mediaType: string): Reply;
  send(body: unknown): unknown;
}

/** Answers with problem details as the media type that says so. Nest's own refusals become problems without a code of ours. */
@Catch(HttpException)
export class ProblemFilter implements ExceptionFilter<HttpException> {
  catch(exception: HttpException, host: ArgumentsHost): void {
    const status = exception.getStatus();
    const body = exception.getResponse();
    const isProblem = typeof body === 'object' && 'code' in body && 'detail' in body;
    const told = isProblem ? body : problem(status, 'refused', exception.message).getResponse();
    host.switchToHttp().getResponse<Reply>().status(status).type('application/problem+json').send(told);
  }
}
