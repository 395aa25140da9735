import { oneAtATime } from './lock.js';
import { ProblemError } from './problem.js';
import type { Tokens, TokenStorage } from './storage.js';

export type Fetch = (request: Request) => Promise<Response>;
/** Whether somebody is signed in, and who. */
export type AuthState = { signedIn: boolean; userId?: string };

/**
 * Milliseconds that a refresh may take. The API gives everyone who trades in the same token within thirty seconds the same pair: who waits
 * for less never puts an old pair in the place of a newer one, with or without a lock.
 */
const PATIENCE = 8000;

/** Sends requests as whoever the storage says, trades an access token that has expired for a new one, and sends them again. */
export class Session {
  private renewing?: Promise<Tokens | undefined>;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly baseUrl: string,
    private readonly storage: TokenStorage,
    private readonly send: Fetch,
  ) {}

  readonly fetch: Fetch = async (request) => {
    const again = request.clone(); // a body can be sent once
    const used = await this.storage.get();
    const answer = await this.send(authorized(request, used));
    if (!used?.refreshToken || !(await isUnauthenticated(answer))) return answer;

    const fresh = await this.renew(used);
    return fresh && isOfOne(fresh, used) ? this.send(authorized(again, fresh)) : answer;
  };

  /** Goes on as whoever these tokens are of; without any, as nobody. */
  become(tokens: Tokens | undefined): Promise<void> {
    return oneAtATime(this.storage, () => this.keep(tokens));
  }

  /** Tells the state now, and each time that it becomes another one, here or in another tab; returns what ends that. */
  watch(listener: (state: AuthState) => void): () => void {
    let last: AuthState | undefined;
    const look = async () => {
      const state = stateOf(await this.storage.get());
      if (!this.watchers.has(look) || (last?.signedIn === state.signedIn && last.userId === state.userId)) return;
      last = state;
      listener(state);
    };
    this.watchers.add(look);
    const stop = this.storage.subscribe?.(look);
    void look();
    return () => {
      this.watchers.delete(look);
      stop?.();
    };
  }

  /** Newer tokens than these, for all requests that wait at once; none where nobody is signed in any more. */
  private renew(used: Tokens): Promise<Tokens | undefined> {
    this.renewing ??= oneAtATime(this.storage, () => this.trade(used)).finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  private async trade(used: Tokens): Promise<Tokens | undefined> {
    const kept = await this.storage.get();
    if (kept?.accessToken !== used.accessToken) return kept ?? undefined; // another request, or tab, has done so

    const { answer, body } = await this.refresh(used);
    if (answer.ok && body?.accessToken) {
      const fresh = { accessToken: body.accessToken, refreshToken: body.refreshToken };
      await this.keep(fresh);
      return fresh;
    }
    const problem = new ProblemError(answer, body);
    const isOver = problem.code === 'refresh-invalid' && (await this.storage.get())?.accessToken === used.accessToken;
    if (isOver) await this.keep(undefined);
    throw problem;
  }

  private async refresh({ refreshToken }: Tokens) {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), PATIENCE);
    try {
      const answer = await this.send(
        new Request(`${this.baseUrl}/auth/refresh`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ refreshToken }),
          signal: giveUp.signal,
        }),
      );
      const body: Partial<Tokens> | undefined = await answer.json().catch(() => undefined);
      return { answer, body };
    } finally {
      clearTimeout(timer);
    }
  }

  private async keep(tokens: Tokens | undefined): Promise<void> {
    await this.storage.set(tokens);
    for (const look of this.watchers) look();
  }
}

function authorized(request: Request, tokens: Tokens | null | undefined): Request {
  if (tokens) request.headers.set('Authorization', `Bearer ${tokens.accessToken}`);
  return request;
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

/** The person that an access token names (`sub`, RFC 9068); undefined where it cannot be read. */
function personOf({ accessToken }: Tokens): string | undefined {
  try {
    const [, claims = ''] = accessToken.split('.');
    return JSON.parse(atob(claims.replace(/-/g, '+').replace(/_/g, '/'))).sub;
  } catch {
    return undefined;
  }
}

const stateOf = (tokens: Tokens | null | undefined): AuthState =>
  tokens ? { signedIn: true, userId: personOf(tokens) } : { signedIn: false };

/** What one person asked for is not sent again as another, who has signed in meanwhile. */
function isOfOne(fresh: Tokens, used: Tokens): boolean {
  const [now, then] = [personOf(fresh), personOf(used)];
  return !now || !then || now === then;
}
