import createClient from 'openapi-fetch';
import type { Api, Call, Method, Pages } from './calls.js';
import { listen } from './events.js';
import { ProblemError } from './problem.js';
import type { Accepted, Notification, paths } from './schema.js';
import { type AuthState, type Fetch, Session } from './session.js';
import { memoryStorage, type Tokens, type TokenStorage } from './storage.js';

export { ProblemError } from './problem.js';
export { browserStorage } from './storage.js';
export type { AuthState } from './session.js';
export type { Tokens, TokenStorage } from './storage.js';
export type * from './schema.js';

type Common = {
  /** Where the API is: `https://api.example.com`. */
  baseUrl: string;
  /** Told when nobody is signed in any more: the session ended, or somebody signed out, here or in another tab. */
  onSignedOut?: () => void;
  /** The organization that paths without one are about; may be left out by who has one only. */
  organizationId?: string;
  /** In place of the global fetch. */
  fetch?: Fetch;
};
type Kept = {
  /** Where the tokens are kept; in the client alone where this is left out. */
  storage?: TokenStorage;
  accessToken?: undefined;
  refreshToken?: undefined;
  onTokens?: undefined;
};
type Given = {
  storage?: undefined;
  accessToken?: string;
  /** Trades an access token that has expired for a new one. */
  refreshToken?: string;
  /** Told of every new pair of tokens, to keep it: the refresh token before it is used up. */
  onTokens?: (tokens: Tokens) => void;
};
export type Options = Common & (Kept | Given);

/** An answer that may hold tokens. */
type Answer = Partial<Tokens> | Accepted;

export type Tenantry = {
  get: Call<'get'>;
  post: Call<'post'>;
  put: Call<'put'>;
  delete: Call<'delete'>;
  /** Each page of a list, from the first, or the one that `query.cursor` names, to the last. */
  pages: Pages;
  /**
   * What the caller is told, as it happens, until it is aborted. Goes on by itself when the connection is lost or the access token
   * expires; begins after `lastEventId`, the id of a notification, or else now.
   * @throws ProblemError once the session is over
   */
  events(options?: { lastEventId?: string; signal?: AbortSignal }): AsyncGenerator<Notification, void, undefined>;
  /** Goes on as whoever an answer with tokens (a sign-up, a login, an accepted invite) signs in. */
  signIn(answer: Answer): Promise<void>;
  /** Ends the session and forgets its tokens, also where the API cannot be reached, which it throws. */
  signOut(): Promise<void>;
  /** Tells whether somebody is signed in: soon, and whenever that changes, here or in another tab. Returns what ends that. */
  onAuthState(listener: (state: AuthState) => void): () => void;
  /** The same API for someone else: whoever an answer with tokens signs in. */
  as(answer: Answer, options?: Pick<Given, 'onTokens'> & Pick<Common, 'onSignedOut' | 'organizationId'>): Tenantry;
  /** The client below, which throws nothing and shows headers (`ETag`) and streams. See openapi-fetch. */
  raw: Api;
};

/** Of an answer the tokens alone. */
const tokensIn = (answer: Answer): Tokens | undefined =>
  'accessToken' in answer && answer.accessToken
    ? { accessToken: answer.accessToken, refreshToken: answer.refreshToken }
    : undefined;

function mustSignIn(answer: Answer): Tokens {
  const tokens = tokensIn(answer);
  if (!tokens) throw new TypeError('This answer signs nobody in.');
  return tokens;
}

/** What openapi-fetch does, without the types that `Call` has for it. */
type Send = (
  method: string,
  path: string,
  init: object,
) => Promise<{ data?: string; error?: unknown; response: Response }>;

const callsThrough = (send: Send) => (method: Method) => async (path: string, init?: object) => {
  const { data, error, response } = await send(method, path, { ...init, parseAs: 'text' });
  if (!response.ok) throw new ProblemError(response, error);
  const isJson = /[/+]json\b/.test(response.headers.get('Content-Type') ?? '');
  return isJson && data ? JSON.parse(data) : data || undefined;
};

/** A client for one caller: nobody, whoever the tokens belong to, or whoever the storage says. */
export function createTenantry(options: Options): Tenantry {
  const { organizationId, onSignedOut, fetch = globalThis.fetch } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const storage = options.storage ?? memoryStorage(tokensIn(options), options.onTokens);
  const session = new Session(baseUrl, storage, (request) => fetch(request));
  const raw: Api = createClient<paths>({
    baseUrl,
    fetch: session.fetch,
    headers: organizationId ? { 'Organization-Id': organizationId } : {},
  });
  const call = callsThrough(raw.request as Send);
  if (onSignedOut) watchForTheEnd(session, onSignedOut);

  return {
    get: call('get') as Call<'get'>,
    post: call('post') as Call<'post'>,
    put: call('put') as Call<'put'>,
    delete: call('delete') as Call<'delete'>,
    pages: pagesBy(call('get')) as Pages,
    async *events({ lastEventId, signal } = {}) {
      for await (const { event, data } of listen(session.fetch, `${baseUrl}/notifications/stream`, lastEventId, signal))
        if (event === 'notification') yield JSON.parse(data);
    },
    signIn: async (answer) => session.become(mustSignIn(answer)),
    async signOut() {
      try {
        await call('post')('/auth/logout');
      } catch (problem) {
        if (!(problem instanceof ProblemError && problem.status === 401)) throw problem; // it is over already
      } finally {
        await session.become(undefined);
      }
    },
    onAuthState: (listener) => session.watch(listener),
    as: (answer, more) => createTenantry({ baseUrl, fetch, ...mustSignIn(answer), ...more }),
    raw,
  };
}

type Query = { params?: { query?: { cursor?: string } } };
type Get = (path: string, init?: object) => Promise<{ nextCursor: string | null }>;

const pagesBy = (get: Get) =>
  async function* (path: string, init: Query = {}) {
    let cursor = init.params?.query?.cursor ?? null;
    do {
      const query = { ...init.params?.query, ...(cursor && { cursor }) };
      const page = await get(path, { ...init, params: { ...init.params, query } });
      yield page;
      cursor = page.nextCursor;
    } while (cursor);
  };

function watchForTheEnd(session: Session, onSignedOut: () => void): void {
  let was = false;
  session.watch(({ signedIn }) => {
    if (was && !signedIn) onSignedOut();
    was = signedIn;
  });
}
