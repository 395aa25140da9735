import * as oidc from 'openid-client';
import { asked, manners } from './asking';
import { type Identity, identityOf, IdentityRefused } from './identity';
import type { Provider, Request, Return } from './provider';

type Settings = { issuer: string; apiUrl: string; clientId: string; clientSecret: string };
type Email = { email?: unknown; primary?: unknown; verified?: unknown };

/** GitHub speaks OAuth 2 without OpenID Connect: who someone is, its API says. */
export class GithubProvider implements Provider {
  readonly id = 'github';
  readonly name = 'GitHub';
  private readonly client: oidc.Configuration;

  constructor(private readonly settings: Settings) {
    const { issuer, clientId, clientSecret } = settings;
    const server = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/access_token`,
    };
    this.client = new oidc.Configuration(server, clientId, clientSecret, oidc.ClientSecretPost());
    const { execute, ...how } = manners(issuer);
    Object.assign(this.client, how);
    execute.forEach((extend) => extend(this.client));
  }

  async authorizationUrl({ redirectUri, state, codeChallenge }: Request): Promise<string> {
    return oidc.buildAuthorizationUrl(this.client, {
      redirect_uri: redirectUri,
      scope: 'read:user user:email',
      state,
      code_challenge: codeChallenge,
      code_challenge_method: 'S256',
    }).href;
  }

  identify({ code, codeVerifier, redirectUri, state, iss }: Return): Promise<Identity> {
    const back = `${redirectUri}?${new URLSearchParams({ code, state, ...(iss !== undefined && { iss }) })}`;
    return asked(async () => {
      const { access_token: token } = await oidc.authorizationCodeGrant(this.client, new URL(back), {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
      });
      const { id, login, name } = await this.read<{ id: unknown; login: unknown; name: unknown }>('/user', token);
      if (!Number.isSafeInteger(id)) throw new IdentityRefused();

      const emails = await this.read<Email[]>('/user/emails?per_page=100', token);
      const vouched = emails.find(({ primary, verified }) => primary === true && verified === true);
      return identityOf({
        issuer: this.settings.issuer,
        subject: String(id), // a login can be given up, and taken by another
        email: vouched?.email,
        name: name ?? login,
      });
    });
  }

  private async read<T>(path: string, token: string): Promise<T> {
    const url = new URL(this.settings.apiUrl + path);
    const headers = new Headers({ accept: 'application/vnd.github+json' });
    const answer = await oidc.fetchProtectedResource(this.client, token, url, 'GET', undefined, headers);
    if (!answer.ok) throw new IdentityRefused();
    return (await answer.json()) as T;
  }
}
