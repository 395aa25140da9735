import type { Client, ClientPathsWithMethod, FetchOptions, FetchResponse } from 'openapi-fetch';
import type { paths } from './schema.js';

/* What the contract says of calls, as types. */

export type Api = Client<paths>;
export type Method = 'get' | 'post' | 'put' | 'delete';
type Path<M extends Method> = ClientPathsWithMethod<Api, M>;
type Init<Operation> =
  object extends FetchOptions<Operation> ? [init?: FetchOptions<Operation>] : [init: FetchOptions<Operation>];
type Success<Operation extends object> = Extract<
  FetchResponse<Operation, object, `${string}/${string}`>,
  { error?: never }
>['data'];
/** The body of a success; `undefined` where there is none. */
type Body<Operation extends object> = [Success<Operation>] extends [never] ? undefined : Success<Operation>;

/** @throws ProblemError for every answer that is not a success */
export type Call<M extends Method> = <P extends Path<M>>(
  path: P,
  ...init: Init<paths[P][M]>
) => Promise<Body<NonNullable<paths[P][M]>>>;

type Page = { data: unknown[]; nextCursor: string | null };
type Listed = { [P in Path<'get'>]: Body<NonNullable<paths[P]['get']>> extends Page ? P : never }[Path<'get'>];

/** @throws ProblemError likewise, when the page is asked for */
export type Pages = <P extends Listed>(
  path: P,
  ...init: Init<paths[P]['get']>
) => AsyncGenerator<Body<NonNullable<paths[P]['get']>>, void, undefined>;
