import { type ArgumentsHost, Catch, HttpException, Logger } from '@nestjs/common';
import { problem, ProblemFilter } from '../../platform/problem';

/** Makes problem details of whatever no other filter caught: unknown paths, requests that Fastify refuses, bugs. */
@Catch()
export class AnyProblemFilter extends ProblemFilter {
  private readonly logger = new Logger(AnyProblemFilter.name);

  override catch(exception: unknown, host: ArgumentsHost): void {
    super.catch(this.problemOf(exception), host);
  }

  private problemOf(exception: unknown): HttpException {
    if (exception instanceof HttpException) {
      const plain = typeof exception.getResponse() === 'string' || !hasCode(exception.getResponse());
      return plain && exception.getStatus() === 404 ? problem(404, 'notFound', exception.message) : exception;
    }
    const status = statusOf(exception);
    if (status !== undefined) return problem(status, 'refused', exception instanceof Error ? exception.message : '');
    this.logger.error(exception);
    return problem(500, 'internal', 'a fault of this service; its log says which');
  }
}

function hasCode(body: string | object): boolean {
  return typeof body === 'object' && 'code' in body;
}

/** Fastify's own refusals (a body too large, a broken header) are errors with a status of the 400s. */
function statusOf(exception: unknown): number | undefined {
  if (!(exception instanceof Error) || !('statusCode' in exception)) return undefined;
  const { statusCode } = exception;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
