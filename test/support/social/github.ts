import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Settings } from '../engines';
import { send } from './issuer';

type Email = { email: string; primary: boolean; verified: unknown; visibility?: string | null };
export type GithubUser = { id: number; login: string; name: string | null; emails: Email[] };

const [ID, SECRET] = ['Iv1.tenantry', 'a secret of GitHub'];

/** A server in GitHub's shape: no ID token, errors with status 200, a user agent wanted, addresses apart from the user. */
export class Github {
  private readonly codes = new Map<string, { request: URLSearchParams; user: GithubUser }>();
  private readonly tokens = new Map<string, GithubUser>();
  private readonly server = createServer((request, response) => void this.answer(request, response));
  private readonly url: string;

  constructor() {
    this.server.on('connection', (socket) => socket.unref());
    this.server.listen(0).unref();
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get settings(): Settings {
    return {
      GITHUB_CLIENT_ID: ID,
      GITHUB_CLIENT_SECRET: SECRET,
      GITHUB_ISSUER: `${this.url}/login/oauth`,
      GITHUB_API_URL: `${this.url}/api/v3`,
    };
  }

  /** The user agrees; what the browser brings back. */
  consent(authorizationUrl: string, user: GithubUser): { code: string } {
    const { pathname, searchParams: request } = new URL(authorizationUrl);
    if (pathname !== '/login/oauth/authorize' || request.get('client_id') !== ID) throw new Error('404');
    const code = randomBytes(10).toString('hex');
    this.codes.set(code, { request, user });
    return { code };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!request.headers['user-agent'])
      return send(response, 403, { message: 'Please make sure to have a User-Agent' });
    if (request.url === '/login/oauth/access_token') return this.trade(request, response);
    const user = this.tokens.get(request.headers.authorization?.slice('Bearer '.length) ?? '');
    if (!user) return send(response, 401, { message: 'Bad credentials' });
    const { emails, ...shown } = user;
    if (request.url === '/api/v3/user') return send(response, 200, { ...shown, email: emails[0]?.email ?? null });
    return request.url?.startsWith('/api/v3/user/emails?') ? send(response, 200, emails) : send(response, 404, {});
  }

  private async trade(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    const known = this.codes.get(form.get('code')!);
    this.codes.delete(form.get('code')!);
    const challenge = createHash('sha256').update(form.get('code_verifier')!).digest('base64url');
    const isMeant =
      known?.request.get('code_challenge') === challenge &&
      form.get('redirect_uri') === known.request.get('redirect_uri') &&
      form.get('client_secret') === SECRET;
    if (!isMeant) return send(response, 200, { error: 'bad_verification_code', error_description: 'It is incorrect.' });
    const token = `gho_${randomBytes(8).toString('hex')}`;
    this.tokens.set(token, known.user);
    send(response, 200, { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' });
  }
}
