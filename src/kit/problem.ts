import { cut } from './text/cut';

/** One fault in what was sent: where (a JSON pointer, RFC 6901, as a URI fragment) and what. */
export type Fault = { pointer: string; detail: string };
/**
 * `denied`: somebody was kept out, whatever the status says of it; `missing`: the permissions for want of which. Both are for the log.
 */
export type ProblemExtras = {
  detail?: string;
  errors?: Fault[];
  retryAfter?: number;
  denied?: boolean;
  missing?: readonly string[];
  organizationId?: string;
};

const DENIALS = new Set([401, 403, 429]);

/** The pointer to what `parent` has under a name. */
export const pointerTo = (parent: string, name: string): string =>
  `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** An answer does not grow with what was sent. */
const MOST = { faults: 100, pointer: 200, detail: 500 };

/** An error that the caller may see, rendered as RFC 9457 problem+json. Anything else becomes a bare 500. */
export abstract class Problem extends Error {
  abstract readonly status: number;
  abstract readonly code: string;

  /** @param extras `detail`, `errors` and `organizationId` as in the body; `retryAfter` in seconds becomes the Retry-After header. */
  constructor(
    readonly title: string,
    readonly extras: ProblemExtras = {},
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0; // an answer, not a fault: nobody asks where it came from, and finding out takes time
    super(title);
    Error.stackTraceLimit = stackTraceLimit;
  }

  /** Whether somebody was kept out who is not, or may not do, what was asked for (OWASP ASVS 5.0, 16.3). */
  get isDenial(): boolean {
    return this.extras.denied ?? DENIALS.has(this.status);
  }

  /** The permissions that were missing, separated by commas. */
  get missing(): string | undefined {
    return this.extras.missing?.join();
  }

  toJSON() {
    const { detail, errors, organizationId } = this.extras;
    return {
      type: `/problems/${this.code}`,
      title: this.title,
      status: this.status,
      code: this.code,
      detail: detail && cut(detail, MOST.detail),
      errors: errors?.slice(0, MOST.faults).map(bounded),
      organizationId,
    };
  }
}

const bounded = ({ pointer, detail }: Fault): Fault => ({
  pointer: cut(pointer, MOST.pointer),
  detail: cut(detail, MOST.detail),
});

export type ProblemClass = (new (extras?: ProblemExtras) => Problem) & {
  readonly status: number;
  readonly code: string;
  readonly title: string;
};

const declared = new Map<string, ProblemClass>();

/** Every problem that has been declared, by the order of its code. */
export const everyProblem = (): ProblemClass[] =>
  [...declared.values()].sort((one, other) => (one.code < other.code ? -1 : 1));

/** Declares a problem once: its status, its stable code and its title; and, where its status does not say so, that it keeps somebody out. @throws Error for a code that there is */
export function problem(status: number, code: string, title: string, usual: ProblemExtras = {}): ProblemClass {
  if (declared.has(code)) throw new Error(`There is a problem ${code} already.`);
  const Declared = class extends Problem {
    static readonly status = status;
    static readonly code = code;
    static readonly title = title;
    readonly status = status;
    readonly code = code;

    constructor(extras?: ProblemExtras) {
      super(title, { ...usual, ...extras });
    }
  };
  declared.set(code, Declared);
  return Declared;
}

export const BadRequest = problem(400, 'bad-request', 'The request cannot be read.');
export const Unauthenticated = problem(401, 'unauthenticated', 'Sign in first.');
export const Forbidden = problem(403, 'forbidden', 'You may not do this.');
export const EmailUnverified = problem(
  403,
  'email-unverified',
  'Prove your mailbox first: follow the link we mailed you.',
);
export const NotFound = problem(404, 'not-found', 'There is nothing here.');
export const MethodNotAllowed = problem(
  405,
  'method-not-allowed',
  'This can be asked for, but not so: see the header Allow.',
);
export const RequestTimeout = problem(408, 'request-timeout', 'The request took too long to arrive.');
export const PreconditionFailed = problem(412, 'precondition-failed', 'Someone changed this since you read it.');
export const TooLarge = problem(413, 'too-large', 'The body is larger than 256 KiB.');
export const NotJson = problem(415, 'not-json', 'Send JSON, as application/json.');
export const ExpectationFailed = problem(417, 'expectation-failed', 'Nothing but 100-continue can be expected.');
export const ValidationFailed = problem(422, 'validation-failed', 'The request is not valid.');
export const TooManyRequests = problem(429, 'too-many-requests', 'Too many tries. Wait a little.');
export const HeadersTooLarge = problem(431, 'headers-too-large', 'The head of the request is larger than 16 KiB.');
export const Internal = problem(500, 'internal', 'Something went wrong on our side.');
export const Unavailable = problem(503, 'unavailable', 'Not available right now. Try again soon.');

/** Null for what was deleted meanwhile: nothing is left to be told of it, or to it. */
export const unlessGone = <T>(found: Promise<T>): Promise<T | null> =>
  found.catch((error: unknown) => {
    if (error instanceof NotFound) return null;
    throw error;
  });
