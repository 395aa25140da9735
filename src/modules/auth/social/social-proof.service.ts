import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config';
import { ValidationFailed } from '../../../kit/problem';
import { allowedRedirect } from '../../../kit/net/web-url';
import type { Identity } from './providers/identity';
import { LoginTickets } from './providers/login-tickets';
import type { Provider } from './providers/provider';
import { Providers } from './providers/providers';
import type { SocialLoginStart, SocialProof } from './social.api';

type TokenProof = { idToken: string; nonce: string };
type CodeProof = Required<Pick<SocialProof, 'code' | 'codeVerifier' | 'redirectUri' | 'state'>> & { iss?: string };

const CODE_FIELDS = ['code', 'codeVerifier', 'redirectUri', 'state'] as const;

/** Sends people to providers, and learns from what they bring back who they are. */
@Injectable()
export class SocialProofService {
  constructor(
    private readonly providers: Providers,
    private readonly tickets: LoginTickets,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws NotFound, ValidationFailed, ProviderUnavailable */
  async begin(providerId: string, redirectUri = this.config.APP_URL): Promise<SocialLoginStart> {
    const provider = this.providers.get(providerId);
    const target = this.allowed(redirectUri);

    const { codeChallenge, ...ticket } = this.tickets.issue(provider.id, target);
    const authorizationUrl = await provider.authorizationUrl({ ...ticket, codeChallenge, redirectUri: target });
    return { authorizationUrl, ...ticket };
  }

  /** What is proved by a proof, which is thereby used up. @throws NotFound, ValidationFailed, LoginStale, IdentityRefused, ProviderUnavailable */
  async identify(providerId: string, proof: SocialProof): Promise<Identity> {
    const provider = this.providers.get(providerId);
    return isTokenProof(proof) ? this.byToken(provider, proof) : this.byCode(provider, requireCode(proof));
  }

  private async byToken(provider: Provider, { idToken, nonce }: TokenProof): Promise<Identity> {
    if (!provider.identifyByToken) throw fault('idToken', 'is nothing that this provider issues; send a code');
    await this.tickets.use(nonce, provider.id);
    return provider.identifyByToken(idToken, nonce);
  }

  private async byCode(provider: Provider, { redirectUri, ...proof }: CodeProof): Promise<Identity> {
    const target = this.allowed(redirectUri);
    const nonce = this.tickets.nonceIn(proof.state, provider.id, target, proof.codeVerifier);
    await this.tickets.use(nonce, provider.id);
    return provider.identify({ ...proof, nonce, redirectUri: target });
  }

  /** To anywhere else, codes would go to whoever made the link. */
  private allowed(redirectUri: string): string {
    const url = allowedRedirect(redirectUri, this.config);
    if (!url) throw fault('redirectUri', 'must be on APP_URL or on a REDIRECT_ORIGINS');
    if (url.search || url.hash || url.username || url.password)
      throw fault('redirectUri', 'must have no query, fragment or user in it');
    return url.href;
  }
}

function isTokenProof(proof: SocialProof): proof is TokenProof {
  const { idToken, nonce } = proof;
  if (idToken === undefined && nonce !== undefined) throw fault('nonce', 'goes with an idToken');
  if (idToken === undefined) return false;
  if (CODE_FIELDS.some((name) => proof[name] !== undefined)) throw fault('idToken', 'cannot be sent beside a code');
  if (nonce === undefined) throw fault('nonce', 'must be sent with an idToken');
  return true;
}

function requireCode(proof: SocialProof): CodeProof {
  const missing = CODE_FIELDS.filter((name) => proof[name] === undefined);
  if (missing.length === 0) return proof as CodeProof;
  throw new ValidationFailed({
    errors: missing.map((name) => ({ pointer: `#/${name}`, detail: 'must be sent, unless an idToken is' })),
  });
}

const fault = (field: string, detail: string) => new ValidationFailed({ errors: [{ pointer: `#/${field}`, detail }] });
