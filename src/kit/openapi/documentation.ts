import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { OpenAPIObject } from '@nestjs/swagger';
import {
  BadRequest,
  Internal,
  NotFound,
  NotJson,
  PreconditionFailed,
  type ProblemClass,
  TooLarge,
  TooManyRequests,
  Unavailable,
  ValidationFailed,
} from '../errors/problem';
import { isFree } from '../throttle/pace';
import { problemsOf } from '../http/contract';
import { readIfMatch } from '../http/precondition';
import type { Route } from '../http/routes';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Parameters = NonNullable<Operation['parameters']>;
type Input = { data?: string; factory?: unknown };

const ID = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';

/** The body of every error (RFC 9457). */
export const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'instance'],
  properties: {
    type: { type: 'string', example: '/problems/not-found' },
    title: { type: 'string', description: 'For people.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', description: 'Stable; for programs.', example: 'not-found' },
    detail: { type: 'string', description: 'More about this occurrence.' },
    instance: { type: 'string', description: 'The id of the request, as in our logs.' },
    organizationId: {
      type: 'string',
      format: 'uuid',
      description: 'Which organization it is about, where you cannot know.',
    },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'detail'],
        properties: { pointer: { type: 'string', example: '#/email' }, detail: { type: 'string' } },
      },
    },
  },
};

/** Adds to a route's operation what Nest does not know of: its problems, the form of its ids, If-Match. */
export function documentRoute(operation: Operation, route: Route): void {
  const inputs = Object.entries(
    (Reflect.getMetadata(ROUTE_ARGS_METADATA, route.controller, route.method) ?? {}) as Record<string, Input>,
  );
  const takesVersion = inputs.some(([, { factory }]) => factory === readIfMatch);

  operation.parameters = withPathParameters(operation.parameters ?? [], route.path);
  const problems = [...problemsOf(route.handler), ...implied(operation, route.verb, takesVersion)];
  if (!isFree(route.handler)) problems.push(TooManyRequests);
  for (const [status, group] of byStatus(problems)) operation.responses[status] ??= response(group);
  operation.responses.default = response([Internal, Unavailable]);
  operation.security ??= [];
  if (takesVersion) operation.parameters.push(IF_MATCH);
}

const IF_MATCH = {
  name: 'If-Match',
  in: 'header' as const,
  required: false,
  schema: { type: 'string' },
  description: 'The ETag that was read: the change is refused (412) when someone else was faster.',
};

/** What follows from what a route takes. */
function implied({ requestBody, parameters = [] }: Operation, verb: string, takesVersion: boolean): ProblemClass[] {
  const places = parameters.map((parameter) => ('in' in parameter ? parameter.in : ''));
  return [
    ...(requestBody ? [BadRequest, TooLarge, NotJson] : []),
    ...(requestBody || verb !== 'GET' ? [ValidationFailed] : []), // a body that is not taken is refused
    ...(places.includes('query') ? [ValidationFailed] : []),
    ...(places.includes('path') ? [NotFound] : []),
    ...(takesVersion ? [PreconditionFailed] : []),
  ];
}

/** Every parameter that the path names, whether the handler reads it or only the guard does. */
function withPathParameters(parameters: Parameters, path: string): Parameters {
  const known = parameters.filter(
    (parameter) => !('in' in parameter && parameter.in === 'path' && parameter.name.endsWith('Id')),
  );
  const ids = [...path.matchAll(/:(\w+Id)/g)].map(([, name]) =>
    name === 'userId' ? { ...USER_ID, name } : { ...OTHER_ID, name: name! },
  );
  return [...ids, ...known];
}

const inPath = { in: 'path' as const, required: true };
const USER_ID = {
  ...inPath,
  schema: { type: 'string' as const, pattern: '^(me|[0-9a-f-]{36})$' },
  description: 'A user id, or `me`.',
  example: 'me',
};
const OTHER_ID = { ...inPath, schema: { type: 'string' as const, format: 'uuid' }, example: ID };

function byStatus(problems: ProblemClass[]): Map<string, ProblemClass[]> {
  const groups = new Map<string, ProblemClass[]>();
  for (const problem of new Set(problems))
    groups.set(String(problem.status), [...(groups.get(String(problem.status)) ?? []), problem]);
  return groups;
}

const RETRY_AFTER = { schema: { type: 'integer', minimum: 1 }, description: 'Seconds to wait.' } as const;

function response(problems: ProblemClass[]) {
  const example = ({ code, title, status }: ProblemClass) => ({
    value: { type: `/problems/${code}`, title, status, code, instance: ID },
  });
  return {
    description: problems.map(({ code, title }) => `\`${code}\`: ${title}`).join('\n\n'),
    ...(problems.includes(TooManyRequests) && { headers: { 'Retry-After': RETRY_AFTER } }),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(problems.map((problem) => [problem.code, example(problem)])),
      },
    },
  };
}
