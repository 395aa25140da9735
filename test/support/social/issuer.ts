import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { es256, forge, newJwtKey, type Part, type Signs } from '../forge';

/** What an issuer says of someone. */
export type Person = { sub: string; email?: string; email_verified?: unknown; name?: string; [claim: string]: unknown };
/** How an ID token differs from what it should be. */
export type Forgery = { header?: Part; claims?: Part; signs?: Signs };

const CLIENT = { id: 'tenantry', secret: 'a secret + of 100% characters' };
const BASIC = `Basic ${Buffer.from([CLIENT.id, CLIENT.secret].map((it) => new URLSearchParams({ it }).toString().slice(3)).join(':')).toString('base64')}`;

/** An OpenID provider, made by hand so that it can lie. It checks our side of the protocol and whatever else it is told to. */
export class Issuer {
  readonly key = newJwtKey();
  /** The paths that were asked for. */
  readonly asked: string[] = [];
  /** What it does instead of answering. */
  trouble?: (request: IncomingMessage, response: ServerResponse) => void;
  /** What it publishes besides, or instead. */
  metadata: Part = {};
  /** What it says of whoever asks with an access token. */
  about: Part = {};
  private readonly codes = new Map<string, { request: URLSearchParams; idToken: string }>();
  private readonly server = createServer((request, response) => void this.answer(request, response));
  readonly url: string;
  readonly issuer: string;

  /** Nobody need close it: it holds no process up. @param issuer who it says it is, if not itself */
  constructor(
    readonly id: string,
    issuer?: string,
  ) {
    this.server.on('connection', (socket) => socket.unref());
    this.server.listen(0).unref(); // at once, as long as no host is named
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    this.issuer = issuer ?? this.url;
  }

  /** As an entry of OIDC_PROVIDERS. */
  get entry() {
    return { id: this.id, name: `The ${this.id}`, issuer: this.url, clientId: CLIENT.id, clientSecret: CLIENT.secret };
  }

  /** As the settings of a provider that we know by name. */
  get client() {
    return { clientId: CLIENT.id, clientSecret: CLIENT.secret };
  }

  /** The person agrees; what the browser brings back. */
  consent(authorizationUrl: string, person: Person, forgery?: Forgery): { code: string; iss: string } {
    const request = new URL(authorizationUrl).searchParams;
    const code = randomBytes(16).toString('hex');
    this.codes.set(code, { request, idToken: this.idToken(person, request.get('nonce')!, forgery) });
    return { code, iss: this.issuer };
  }

  idToken(person: Person, nonce: string, { header, claims, signs = es256(this.key.privateKey) }: Forgery = {}): string {
    const now = Math.floor(Date.now() / 1000);
    const own = { iss: this.issuer, aud: CLIENT.id, iat: now, exp: now + 300, nonce };
    return forge({ alg: 'ES256', kid: this.key.kid, ...header }, { ...own, ...person, ...claims }, signs);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url!, this.url).pathname;
    this.asked.push(path);
    if (this.trouble) return this.trouble(request, response);
    if (path.endsWith('/.well-known/openid-configuration')) return send(response, 200, this.document());
    if (path.endsWith('/jwks')) return send(response, 200, { keys: [this.jwk()] });
    if (path.endsWith('/me')) return send(response, 200, this.about);
    if (path.endsWith('/token')) return this.trade(request, response);
    return send(response, 404, {});
  }

  private async trade(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.authorization !== BASIC) return send(response, 401, { error: 'invalid_client' });
    const form = new URLSearchParams(await text(request));
    const known = this.codes.get(form.get('code')!);
    this.codes.delete(form.get('code')!);
    const isMeant =
      known &&
      form.get('redirect_uri') === known.request.get('redirect_uri') &&
      createHash('sha256').update(form.get('code_verifier')!).digest('base64url') ===
        known.request.get('code_challenge');
    if (!isMeant) return send(response, 400, { error: 'invalid_grant' });
    send(response, 200, {
      access_token: randomBytes(8).toString('hex'),
      token_type: 'Bearer',
      id_token: known.idToken,
    });
  }

  private jwk() {
    return { ...this.key.publicKey.export({ format: 'jwk' }), kid: this.key.kid, alg: 'ES256', use: 'sig' };
  }

  private document() {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      userinfo_endpoint: `${this.url}/me`,
      jwks_uri: `${this.url}/jwks`,
      id_token_signing_alg_values_supported: ['ES256'],
      authorization_response_iss_parameter_supported: true,
      ...this.metadata,
    };
  }
}

export function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
