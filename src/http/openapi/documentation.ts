import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { OpenAPIObject } from '@nestjs/swagger';
import {
  BadRequest,
  ExpectationFailed,
  HeadersTooLarge,
  Internal,
  NotFound,
  NotJson,
  PreconditionFailed,
  type ProblemClass,
  RequestTimeout,
  TooLarge,
  TooManyRequests,
  Unavailable,
  ValidationFailed,
} from '../../kit/problem';
import { problemsOf, shapesOf } from '../contract/contract';
import { isPage } from '../contract/page';
import { readIfMatch } from '../contract/precondition';
import type { Route } from '../contract/routes';
import { isFree } from '../../rate-limit/rate-limit';
import { whoMay } from './access-note';
import { type HeaderName, headersOf } from './headers';
import type { ProblemResponses } from './problems';

export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Parameters = NonNullable<Operation['parameters']>;
type Input = { data?: string; factory?: unknown };

const ID = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';

/** What may become of any request, before a route is asked or while it works. */
const ANYWHERE = [
  BadRequest,
  RequestTimeout,
  TooLarge,
  NotJson,
  ExpectationFailed,
  HeadersTooLarge,
  Internal,
  Unavailable,
];

/** Adds to a route's operation what Nest does not know of: who may, its problems and headers, the form of its ids, If-Match. */
export function documentRoute(operation: Operation, route: Route, problems: ProblemResponses): void {
  const inputs = Object.entries(
    (Reflect.getMetadata(ROUTE_ARGS_METADATA, route.controller, route.method) ?? {}) as Record<string, Input>,
  );
  const takesVersion = inputs.some(([, { factory }]) => factory === readIfMatch);

  operation.security ??= [];
  operation.description = [operation.description, whoMay(operation)].filter(Boolean).join('\n\n');
  operation.parameters = withPathParameters(operation.parameters ?? [], route.path);
  addHeaders(operation, route);
  const may = [...problemsOf(route.handler), ...implied(operation, route.verb, takesVersion)];
  if (!isFree(route.handler)) may.push(TooManyRequests);
  for (const [status, group] of byStatus(may)) operation.responses[status] ??= problems.refer(group);
  operation.responses.default = problems.refer(ANYWHERE, 'AnyRequest');
  if (takesVersion) operation.parameters.push(IF_MATCH);
  operation.parameters.sort((one, other) => placeOf(one) - placeOf(other)); // decorators are not run in one order by all compilers
}

const PLACES = ['path', 'query', 'header'];
const placeOf = (parameter: Parameters[number]): number => ('in' in parameter ? PLACES.indexOf(parameter.in) : -1);

/** To its answers that are no problems. */
function addHeaders({ responses, parameters = [] }: Operation, { handler }: Route): void {
  const takesKey = parameters.some((parameter) => 'in' in parameter && parameter.name === 'Idempotency-Key');
  for (const [status, response] of Object.entries(responses)) {
    const shape = shapesOf(handler)?.[Number(status)];
    const names: HeaderName[] = [
      ...(responses[304] || (shape && !isPage(shape)) ? ['ETag' as const] : []),
      ...(takesKey ? ['Idempotency-Replayed' as const] : []),
      ...(isStream(response) ? ['X-Accel-Buffering' as const] : []),
    ];
    Object.assign(response!, { headers: headersOf(...names) });
  }
}

const isStream = (response: object | undefined): boolean =>
  'text/event-stream' in ((response as { content?: object }).content ?? {});

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
