import { ProblemError } from './problem.js';

export type Tokens = { accessToken: string; refreshToken?: string };
export type Fetch = (request: Request) => Promise<Response>;

type Session = { baseUrl: string; tokens?: Tokens; onTokens?: (tokens: Tokens) => void; fetch: Fetch };

/**
 * Sends requests with the access token. One that has expired is traded for a new one, once for all the requests that wait for it, and
 * the request is sent again.
 */
export function inSession({ baseUrl, tokens: first, onTokens, fetch }: Session): Fetch {
  let tokens = first;
  let refreshing: Promise<void> | undefined;

  const send = (request: Request) => {
    if (tokens) request.headers.set('Authorization', `Bearer ${tokens.accessToken}`);
    return fetch(request);
  };

  const refresh = async () => {
    const answer = await fetch(
      new Request(`${baseUrl}/auth/refresh`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ refreshToken: tokens?.refreshToken }),
      }),
    );
    const body = await answer.json().catch(() => undefined);
    if (!answer.ok) throw new ProblemError(answer, body);
    tokens = { accessToken: body.accessToken, refreshToken: body.refreshToken };
    onTokens?.(tokens);
  };

  return async (request) => {
    const again = request.clone(); // a body can be sent once
    const used = tokens;
    const answer = await send(request);
    if (!used?.refreshToken || !(await isUnauthenticated(answer))) return answer;

    if (used === tokens) await (refreshing ??= refresh().finally(() => (refreshing = undefined)));
    return send(again);
  };
}

/** A wrong password is a 401, too; no new token helps there. */
async function isUnauthenticated(answer: Response): Promise<boolean> {
  if (answer.status !== 401) return false;
  const problem = await answer
    .clone()
    .json()
    .catch(() => undefined);
  return problem?.code === 'unauthenticated';
}
