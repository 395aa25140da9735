export type Tokens = { accessToken: string; refreshToken?: string };
type Kept = Tokens | null | undefined;

/** Where the tokens of whoever is signed in are kept. A client asks it before each request, and keeps nothing beside it. */
export type TokenStorage = {
  /** What was set last, here or in another tab or process; nothing where nobody is signed in. */
  get(): Kept | Promise<Kept>;
  /** Keeps a new pair in place of the old one; `undefined`: nobody is signed in any more. */
  set(tokens: Tokens | undefined): void | Promise<void>;
  /** Calls `changed` when another tab or process has set something; returns what ends that. */
  subscribe?(changed: () => void): () => void;
};

/** `localStorage`, which all tabs share. Where there is none, as while a server renders a page, nobody is signed in. */
export function browserStorage(key = 'tenantry'): TokenStorage {
  const storage = () => (typeof window === 'undefined' ? undefined : window.localStorage);
  return {
    get: () => read(storage()?.getItem(key)),
    set: (tokens) => (tokens ? storage()?.setItem(key, JSON.stringify(tokens)) : storage()?.removeItem(key)),
    subscribe(changed) {
      if (!storage()) return () => {};
      const listen = (event: StorageEvent) => {
        if (event.key === key || event.key === null) changed(); // null: everything was cleared
      };
      window.addEventListener('storage', listen);
      return () => window.removeEventListener('storage', listen);
    },
  };
}

function read(text: string | null | undefined): Kept {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined; // somebody else's
  }
}

/**
 * The tokens in a client alone, which is what `accessToken`, `refreshToken` and `onTokens` ask for. Tabs that were given the same pair,
 * because they keep it somewhere, tell one another what it was traded for: it is good once.
 */
export function memoryStorage(given: Tokens | undefined, onTokens?: (tokens: Tokens) => void): TokenStorage {
  let tokens = given;
  const channel =
    onTokens && typeof window !== 'undefined' && 'BroadcastChannel' in window ? new BroadcastChannel('tenantry') : null;
  channel?.addEventListener('message', ({ data }) => {
    if (tokens?.refreshToken && data.traded === tokens.refreshToken) tokens = data.tokens;
  });
  return {
    get: () => tokens,
    set(next) {
      channel?.postMessage({ traded: tokens?.refreshToken, tokens: next });
      tokens = next;
      if (next) onTokens?.(next);
    },
    subscribe(changed) {
      channel?.addEventListener('message', changed);
      return () => channel?.removeEventListener('message', changed);
    },
  };
}
