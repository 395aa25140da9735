import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { House } from './house';
import type { Visitor } from './visitor';

const BUILT = join(__dirname, '../../client/dist/cjs');

/** A part of the built client, as CommonJS has it. Its types are tried in client.test.ts. */
export function client(part = 'tenantry'): any {
  if (!existsSync(BUILT)) throw new Error('There is no client/dist: run `npm run client` first.');
  return jest.requireActual(join(BUILT, `${part}.js`));
}

type Tokens = { accessToken: string; refreshToken?: string };
type Change = () => void;

/** What tabs share: like localStorage, it tells all of them but the one that sets something. */
export class Shared {
  text?: string;
  private readonly tabs = new Set<{ changed: Change }>();

  /** The storage of one tab; `slow`: one that answers later, as a keychain does. */
  tab(slow = false) {
    const own = new Set<{ changed: Change }>();
    const set = (tokens?: Tokens) => {
      this.text = tokens && JSON.stringify(tokens);
      for (const one of this.tabs) if (!own.has(one)) one.changed();
    };
    const get = (): Tokens | undefined => this.text && JSON.parse(this.text);
    const later = () => new Promise((resolve) => setImmediate(resolve));
    return {
      get: slow ? () => later().then(get) : get,
      set: slow ? (tokens?: Tokens) => later().then(() => set(tokens)) : set,
      subscribe: (changed: Change) => {
        const listener = { changed };
        own.add(listener);
        this.tabs.add(listener);
        return () => this.tabs.delete(listener);
      },
    };
  }
}

/** The tokens of a visitor, who has signed in otherwise. */
export const tokensOf = ({ accessToken, refreshToken }: Visitor): Tokens => ({
  accessToken: accessToken!,
  refreshToken,
});

/** Counts what is asked for, by the end of its path. */
export function counting(fetch: (request: Request) => Promise<Response> = globalThis.fetch) {
  const asked: string[] = [];
  const counted = (request: Request) => {
    asked.push(new URL(request.url).pathname);
    return fetch(request);
  };
  return Object.assign(counted, { times: (path: string) => asked.filter((one) => one === path).length });
}

/** Where a house listens. */
export async function addressOf(house: House): Promise<string> {
  await house.app.listen(0, '127.0.0.1');
  return house.app.getUrl();
}
