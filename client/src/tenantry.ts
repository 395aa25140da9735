import createClient, {
  type Client,
  type ClientPathsWithMethod,
  type FetchOptions,
  type FetchResponse,
} from 'openapi-fetch';
import { ProblemError } from './problem.js';
import type { Accepted, paths } from './schema.js';
import { type Fetch, inSession, type Tokens } from './session.js';

export { ProblemError } from './problem.js';
export type { Tokens } from './session.js';
export type * from './schema.js';

export type Options = {
  /** Where the API is: `https://api.example.com`. */
  baseUrl: string;
  accessToken?: string;
  /** Trades an access token that has expired for a new one. */
  refreshToken?: string;
  /** Told of every new pair of tokens, to keep it: the refresh token before it is used up. */
  onTokens?: (tokens: Tokens) => void;
  /** The organization that paths without one are about; may be left out by who has one only. */
  organizationId?: string;
  /** In place of the global fetch. */
  fetch?: Fetch;
};

type Api = Client<paths>;
type Method = 'get' | 'post' | 'put' | 'delete';
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
type Call<M extends Method> = <P extends Path<M>>(
  path: P,
  ...init: Init<paths[P][M]>
) => Promise<Body<NonNullable<paths[P][M]>>>;

/** An answer that may hold tokens. */
type Answer = Partial<Tokens> | Accepted;

export type Tenantry = {
  get: Call<'get'>;
  post: Call<'post'>;
  put: Call<'put'>;
  delete: Call<'delete'>;
  /** The same API for someone else: whoever an answer with tokens (a sign-up, a login, an accepted invite) signs in. */
  as(answer: Answer, options?: Pick<Options, 'onTokens' | 'organizationId'>): Tenantry;
  /** The client below, which throws nothing and shows headers (`ETag`) and streams. See openapi-fetch. */
  raw: Api;
};

/** Of an answer the tokens alone. */
const tokensIn = (answer: Answer): Tokens | undefined =>
  'accessToken' in answer && answer.accessToken
    ? { accessToken: answer.accessToken, refreshToken: answer.refreshToken }
    : undefined;

/** What openapi-fetch does, without the types that `Call` has for it. */
type Send = (
  method: string,
  path: string,
  init: object,
) => Promise<{ data?: string; error?: unknown; response: Response }>;

/** A client for one caller: nobody, or whoever the tokens belong to. */
export function createTenantry(options: Options): Tenantry {
  const { organizationId, onTokens, fetch = globalThis.fetch } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const tokens = tokensIn(options);
  const raw: Api = createClient<paths>({
    baseUrl,
    fetch: inSession({ baseUrl, tokens, onTokens, fetch }),
    headers: organizationId ? { 'Organization-Id': organizationId } : {},
  });

  const send = raw.request as Send;
  const call = (method: Method) => async (path: string, init?: object) => {
    const { data, error, response } = await send(method, path, { ...init, parseAs: 'text' });
    if (!response.ok) throw new ProblemError(response, error);
    const isJson = /[/+]json\b/.test(response.headers.get('Content-Type') ?? '');
    return isJson && data ? JSON.parse(data) : data || undefined;
  };

  return {
    get: call('get') as Call<'get'>,
    post: call('post') as Call<'post'>,
    put: call('put') as Call<'put'>,
    delete: call('delete') as Call<'delete'>,
    as: (answer, more) => {
      const theirs = tokensIn(answer);
      if (!theirs) throw new TypeError('This answer signs nobody in.');
      return createTenantry({ baseUrl, fetch, ...theirs, ...more });
    },
    raw,
  };
}
