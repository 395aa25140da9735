import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const HOPS = 12;

/** oidc-provider, and a browser that signs in there. */
export class OpenidProvider {
  private constructor(
    readonly issuer: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(redirectUri: string): Promise<OpenidProvider> {
    const child = spawn(process.execPath, [join(__dirname, 'openid-server.mjs'), redirectUri], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const [line] = await once(child.stdout!, 'data');
    return new OpenidProvider(String(line).trim(), child);
  }

  async stop(): Promise<void> {
    this.child.stdin!.end();
    await once(this.child, 'exit');
  }

  get entry() {
    const client = { clientId: 'tenantry', clientSecret: 'a secret of the real one' };
    return { id: 'real', name: 'The real one', issuer: this.issuer, ...client };
  }

  /** Goes where it is sent, fills in the forms, agrees; what it is sent back with. */
  async visit(authorizationUrl: string, email: string): Promise<{ code: string; state: string; iss: string }> {
    const cookies = new Map<string, string>();
    const forms: Record<string, string>[] = [{ prompt: 'login', login: email, password: 'any' }, { prompt: 'consent' }];
    let at = authorizationUrl;
    for (let hop = 0; hop < HOPS; hop++) {
      const form = at.includes('/interaction/') ? forms.shift() : undefined;
      const answer = await fetch(at, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
        ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      });
      for (const cookie of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
        cookies.set(name!, value!);
      }
      const location = new URL(answer.headers.get('location') ?? fail(await answer.text()), at);
      if (location.origin !== this.issuer) return Object.fromEntries(location.searchParams) as never;
      at = location.href;
    }
    throw new Error(`After ${HOPS} redirects the browser is at ${at}.`);
  }
}

function fail(text: string): never {
  throw new Error(`The provider does not send the browser on, but says: ${text.slice(0, 500)}`);
}
