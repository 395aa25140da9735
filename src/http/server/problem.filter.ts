import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { nameOf, remedyFor } from '../../database/pool/remedies';
import { denialOf } from './request-log';
import { Sparing } from '../../kit/sparing';
import {
  BadRequest,
  Internal,
  NotFound,
  NotJson,
  Problem,
  type ProblemClass,
  TooLarge,
  Unavailable,
} from '../../kit/problem';

/** What the HTTP server itself refuses, by status. */
const REFUSALS: Record<number, ProblemClass> = { 404: NotFound, 413: TooLarge, 415: NotJson };

/** The one place where an error becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);
  private readonly sparing = new Sparing();

  catch(error: unknown, host: ArgumentsHost) {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = asProblem(error);

    if (problem.status >= 500) this.report(problem, error, request.id);
    if (problem.isDenial) this.logger.warn(denialOf(problem, request));
    return writeProblem(reply, problem, request.id);
  }

  /** Whom the database cannot serve now are many, and one line is enough for them; an answer that we chose is no fault. */
  private report({ status, code, extras }: Problem, error: unknown, requestId: string): void {
    if (error instanceof Problem) this.logger.warn({ requestId, reason: code, detail: extras.detail });
    else if (status !== 503) this.logger.error({ requestId, err: error });
    else
      this.sparing.say(nameOf(error), (unsaid) =>
        this.logger.error({ requestId, err: error, unsaid }, 'The database cannot serve: requests are answered 503.'),
      );
  }
}

/** Answers with a problem, also where Nest is not asked. */
export function writeProblem(reply: FastifyReply, problem: Problem, requestId: string): FastifyReply {
  const { status, code, extras, missing } = problem;
  reply.request.refusal = { code, permission: missing };
  if (extras.retryAfter) reply.header('Retry-After', Math.ceil(extras.retryAfter));
  if (status === 401) reply.header('WWW-Authenticate', 'Bearer');
  const body = JSON.stringify({ ...problem.toJSON(), instance: requestId });
  return reply.status(status).type('application/problem+json').send(body);
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status =
    error instanceof HttpException ? error.getStatus() : ((error as { statusCode?: number } | null)?.statusCode ?? 500);
  if (REFUSALS[status]) return new REFUSALS[status]();
  if (status >= 400 && status < 500) return new BadRequest({ detail: (error as Error).message });
  if (remedyFor(error)) return new Unavailable({ retryAfter: 1 });
  return new Internal();
}
