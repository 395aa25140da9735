import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../../config/config';
import { NotFound } from '../../../../kit/problem';
import type { Provider } from './provider';

/** With openid-client behind them: loaded where the settings name a provider. */
const oidc = () => require('./oidc.provider') as typeof import('./oidc.provider');
const gitHub = () => require('./github.provider') as typeof import('./github.provider');

/** The providers that the settings enable. */
@Injectable()
export class Providers {
  private readonly enabled: Map<string, Provider>;

  constructor(@Inject(CONFIG) config: Config) {
    const all = [...google(config), ...github(config), ...microsoft(config), ...others(config)];
    this.enabled = new Map(all.map((provider) => [provider.id, provider]));
  }

  list(): Provider[] {
    return [...this.enabled.values()];
  }

  /** @throws NotFound for one that is not enabled */
  get(id: string): Provider {
    const provider = this.enabled.get(id);
    if (!provider) throw new NotFound();
    return provider;
  }
}

const others = ({ OIDC_PROVIDERS }: Config) => OIDC_PROVIDERS.map((settings) => new (oidc().OidcProvider)(settings));

function google({ GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret, GOOGLE_ISSUER: issuer }: Config) {
  return clientId && clientSecret
    ? [new (oidc().OidcProvider)({ id: 'google', name: 'Google', issuer, clientId, clientSecret })]
    : [];
}

function github(config: Config) {
  const { GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret } = config;
  const { GITHUB_ISSUER: issuer, GITHUB_API_URL: apiUrl } = config;
  return clientId && clientSecret ? [new (gitHub().GithubProvider)({ issuer, apiUrl, clientId, clientSecret })] : [];
}

/**
 * A tenant writes into `email` what it likes (nOAuth), and there is no `email_verified`. `xms_edov`, a claim that the app's
 * registration must ask for, says that the owner of the address's domain was verified.
 */
function microsoft(config: Config) {
  const { MICROSOFT_CLIENT_ID: clientId, MICROSOFT_CLIENT_SECRET: clientSecret } = config;
  const { MICROSOFT_ISSUER: issuer, MICROSOFT_API_URL: to } = config;
  const detour = to ? { from: new URL(issuer).origin, to } : undefined;
  const named = { id: 'microsoft', name: 'Microsoft', vouchedBy: 'xms_edov' as const };
  return clientId && clientSecret
    ? [new (oidc().OidcProvider)({ ...named, issuer, clientId, clientSecret, detour })]
    : [];
}
