import { Logger } from '@nestjs/common';
import * as oidc from 'openid-client';
import { clock, HOUR, SECOND } from '../../../../kit/clock';
import { asked, type Detour, isUnknownKey, manners } from './asking';
import { requireIdToken } from './id-token';
import { type Identity, identityOf, ProviderUnavailable } from './identity';
import type { Provider, Request, Return } from './provider';

export type OidcSettings = {
  id: string;
  name: string;
  issuer: string;
  clientId: string;
  clientSecret?: string;
  /** Which claim, being exactly `true`, vouches for the address. */
  vouchedBy?: 'email_verified' | 'xms_edov';
  detour?: Detour;
};
type Flow = 'code' | 'token';
type Claims = Record<string, unknown>;

const KEPT = HOUR; // what an issuer publishes
const COOL = 5 * SECOND; // for so long after we asked an issuer, no token has us ask again

const logger = new Logger('oauth');

/** RFC 6749 (2.3.1) has every server take the secret by Basic, yet some list only the body. */
const bySecret: oidc.ClientAuth = (server, ...rest) => {
  const methods = server.token_endpoint_auth_methods_supported;
  const isBasic = methods === undefined || methods.includes('client_secret_basic');
  return (isBasic ? oidc.ClientSecretBasic() : oidc.ClientSecretPost())(server, ...rest);
};

/** An OpenID Connect issuer: discovery, PKCE, and ID tokens whose signature, issuer, audience, nonce and times are checked. */
export class OidcProvider implements Provider {
  readonly id = this.settings.id;
  readonly name = this.settings.name;
  private readonly discovered = new Map<Flow, { client: Promise<oidc.Configuration>; at: number }>();

  constructor(private readonly settings: OidcSettings) {}

  async authorizationUrl({ redirectUri, state, nonce, codeChallenge }: Request): Promise<string> {
    return oidc.buildAuthorizationUrl(await this.client('code'), {
      redirect_uri: redirectUri,
      scope: 'openid email profile',
      state,
      nonce,
      code_challenge: codeChallenge,
      code_challenge_method: 'S256',
    }).href;
  }

  async identify({ code, codeVerifier, redirectUri, state, nonce, iss }: Return): Promise<Identity> {
    const client = await this.client('code');
    // Where the client leaves `iss` out, PKCE and a state that is bound to this provider stand in for it.
    const back = `${redirectUri}?${new URLSearchParams({ code, state, iss: iss ?? client.serverMetadata().issuer })}`;
    return asked(async () => {
      const tokens = await oidc
        .authorizationCodeGrant(client, new URL(back), {
          pkceCodeVerifier: codeVerifier,
          expectedState: state,
          expectedNonce: nonce,
        })
        .catch((error: unknown) => {
          if (this.forgetKeys('code', error)) throw new ProviderUnavailable({ retryAfter: 1 }); // the code is used up
          throw error;
        });
      const claims = tokens.claims()!;
      requireIdToken(tokens.id_token!, claims);
      return this.read(claims, await this.about(client, tokens.access_token, claims));
    });
  }

  async identifyByToken(idToken: string, nonce: string): Promise<Identity> {
    const back = new URL(`#${new URLSearchParams({ id_token: idToken })}`, this.settings.issuer);
    const check = async () => oidc.implicitAuthentication(await this.client('token'), back, nonce);
    return asked(async () => {
      const claims = await check().catch((error: unknown) => {
        if (this.forgetKeys('token', error)) return check();
        throw error;
      });
      requireIdToken(idToken, claims);
      return this.read(claims, claims);
    });
  }

  /** Some issuers keep the address out of the ID token. */
  private async about(client: oidc.Configuration, accessToken: string, claims: oidc.IDToken): Promise<Claims> {
    const isElsewhere = claims.email === undefined && client.serverMetadata().userinfo_endpoint;
    return isElsewhere ? oidc.fetchUserInfo(client, accessToken, claims.sub) : claims;
  }

  /** Address and voucher are taken from one place: the one's voucher is not for the other's address. */
  private read({ iss, sub }: Claims, about: Claims): Identity {
    const isVouched = about[this.settings.vouchedBy ?? 'email_verified'] === true; // the text "false" is true, too
    return identityOf({ issuer: iss, subject: sub, email: isVouched && about.email, name: about.name });
  }

  /** What the issuer publishes, for an hour; what could not be had is asked for again the next time. */
  private client(flow: Flow): Promise<oidc.Configuration> {
    const now = clock.now().getTime();
    const known = this.discovered.get(flow);
    if (known && known.at + KEPT > now) return known.client;

    const client = this.discover(flow);
    this.discovered.set(flow, { client, at: now });
    client.catch(() => this.discovered.delete(flow));
    return client;
  }

  /** Forgets what the issuer published when a signature is by a key that was not there: it may have changed its keys. Tells whether. */
  private forgetKeys(flow: Flow, error: unknown): boolean {
    const known = this.discovered.get(flow);
    if (!isUnknownKey(error) || !known || known.at + COOL > clock.now().getTime()) return false;
    logger.warn(`${this.id}: a token is signed by a key that was not published; its keys are asked for again.`);
    return this.discovered.delete(flow);
  }

  private async discover(flow: Flow): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret, detour } = this.settings;
    const { execute, ...how } = manners(issuer, detour);
    const check = flow === 'code' ? oidc.enableNonRepudiationChecks : oidc.useIdTokenResponseType;
    const auth = clientSecret ? bySecret : oidc.None();
    const options = { ...how, execute: [...execute, check] };
    const discovering = asked(async () => {
      const client = await oidc.discovery(new URL(issuer), clientId, clientSecret, auth, options);
      oidc.buildAuthorizationUrl(client, { nonce: 'any' }); // throws unless there is somewhere to go
      return client;
    });
    return discovering.catch(() => {
      throw new ProviderUnavailable(); // an issuer that publishes nonsense is as good as none
    });
  }
}
