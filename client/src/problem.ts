import type { Problem, ProblemCode } from './schema.js';

/** An answer that is not a success: what a problem (RFC 9457) says. Something on the way that is not Tenantry gives `unreadable`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  /** Stable; switch on this. */
  readonly code: ProblemCode | 'unreadable';
  readonly detail?: string;
  /** Of a 422: which field, and what is wrong with it. */
  readonly errors: NonNullable<Problem['errors']>;
  /** For whoever reads the server's log. */
  readonly requestId?: string;
  /** Of a 429 or 503: seconds to wait. */
  readonly retryAfter?: number;

  constructor({ status, headers }: Response, body: unknown) {
    const problem: Partial<Problem> = typeof body === 'object' && body !== null ? body : {};
    super(problem.detail ?? problem.title ?? `Answered ${status}, without a reason that can be read.`);
    this.status = status;
    this.code = (problem.code as ProblemCode | undefined) ?? 'unreadable';
    this.detail = problem.detail;
    this.errors = problem.errors ?? [];
    this.requestId = problem.instance ?? headers.get('X-Request-Id') ?? undefined;
    this.retryAfter = Number(headers.get('Retry-After')) || undefined;
  }
}
