import { IntersectionType, PickType } from '@nestjs/swagger';
import {
  EmailField,
  IdField,
  ListField,
  NameField,
  TextField,
  TimeField,
  TokenField,
  UrlField,
} from '../../../http/fields/fields';
import { pageOf } from '../../../http/contract/page';
import { SLUG } from '../../../http/contract/params';
import { PersonProof } from '../passwords/passwords.api';

const ProviderField = () => TextField({ min: 1, max: 40, pattern: SLUG, rule: 'must be a slug', example: 'google' });
const RedirectField = (options: { optional?: boolean; description: string }) =>
  UrlField({ min: 1, max: 1000, example: 'http://127.0.0.1:3000/signed-in', ...options });

export class Provider {
  @ProviderField()
  id: string;

  @NameField({ max: 200, example: 'Google' })
  name: string;
}

export class Providers {
  @ListField(() => Provider)
  data: Provider[];
}

export class SocialLoginQuery {
  @RedirectField({
    optional: true,
    description:
      'Where the provider sends the browser back to: on APP_URL or one of REDIRECT_ORIGINS, without a query. Left out: APP_URL.',
  })
  redirectUri?: string;
}

/** The beginning of a sign-in. Keep all of it in the browser that begins; of each, one sign-in can be made. */
export class SocialLoginStart {
  @UrlField({
    max: 8000,
    example: 'https://accounts.google.com/o/oauth2/v2/auth?client_id=…',
    description: 'Send the browser here.',
  })
  authorizationUrl: string;

  @TokenField({ max: 2000, example: 'k1.9gyv…', description: 'Compare it with the one that comes back.' })
  state: string;

  @TokenField({
    example: '1795219800000.mNc…',
    description: 'For an app that asks the provider for an ID token itself.',
  })
  nonce: string;

  @TokenField({ example: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk', description: 'RFC 7636.' })
  codeVerifier: string;

  @TimeField()
  expiresAt: Date;
}

/** Either `code`, `codeVerifier`, `redirectUri` and `state`; or `idToken` and `nonce`. */
export class SocialProof {
  @TokenField({ optional: true, max: 4096, example: '4/0AX4XfWh', description: 'As the browser brought it back.' })
  code?: string;

  @TokenField({ optional: true, example: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' })
  codeVerifier?: string;

  @RedirectField({ optional: true, description: 'The one that the sign-in began with.' })
  redirectUri?: string;

  @TokenField({ optional: true, max: 2000, example: 'k1.9gyv…' })
  state?: string;

  @TokenField({
    optional: true,
    max: 1000,
    example: 'https://accounts.google.com',
    description: 'Where the provider sent one back beside the code (RFC 9207).',
  })
  iss?: string;

  @TokenField({ optional: true, max: 16_384, example: 'eyJhbGciOiJSUzI1NiJ9…', description: 'Instead of a code.' })
  idToken?: string;

  @TokenField({
    optional: true,
    example: '1795219800000.mNc…',
    description: 'With an ID token: the one it was asked with.',
  })
  nonce?: string;
}

const [redirectUri, codeVerifier] = ['http://127.0.0.1:3000/signed-in', 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'];

/** One body for each kind of proof, with whatever else belongs into it. */
export const proofExamples = (more: object = {}) => ({
  'A code': { value: { ...more, code: '4/0AX4XfWh', codeVerifier, redirectUri, state: 'k1.9gyv…' } },
  'An ID token': { value: { ...more, idToken: 'eyJhbGciOiJSUzI1NiJ9…', nonce: '1795219800000.mNc…' } },
});

/** The proof of an identity, and that it is the person who wants it linked. */
export class NewSocialAccount extends IntersectionType(SocialProof, PersonProof) {
  @ProviderField()
  provider: string;
}

export const NEW_ACCOUNT = { provider: 'google', currentPassword: 'correct horse battery staple' };

export class SocialAccount extends PickType(NewSocialAccount, ['provider']) {
  @IdField()
  id: string;

  @EmailField({
    nullable: true,
    description: 'As the provider had it when it was linked; null if it vouched for none.',
  })
  email: string | null;

  @TimeField()
  createdAt: Date;
}

export const SocialAccountPage = pageOf(SocialAccount);
