import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../../access/allow';
import { NotFound } from '../../../kit/problem';
import { Returns, Throws } from '../../../http/contract/contract';
import { SlugParam } from '../../../http/contract/params';
import { IdentityRefused, ProviderUnavailable } from './providers/identity';
import { LoginStale } from './providers/login-tickets';
import { Providers } from './providers/providers';
import { AccountSuspended, SignupClosed } from '../login/auth.errors';
import { showSignedIn, SignedIn } from '../sessions/sessions.api';
import { SignInOvertaken } from '../sessions/sessions.errors';
import { EmailTaken } from '../../users/users.errors';
import { SocialLoginService } from './social-login.service';
import { SocialProofService } from './social-proof.service';
import * as api from './social.api';
import { EmailUnvouched, IdentityReplaced } from './social.errors';

/** Sign-in by an identity at a provider. */
@ApiTags('Social login')
@Controller('auth')
export class SocialLoginController {
  constructor(
    private readonly providers: Providers,
    private readonly proofs: SocialProofService,
    private readonly logins: SocialLoginService,
  ) {}

  @Get('providers')
  @ApiOperation({
    summary: 'List the providers that one can sign in through',
    description:
      'Those that are configured here, by id and name, for the buttons of a sign-in page. Empty when there are ' +
      'none.',
  })
  @Public()
  @Returns(200, api.Providers)
  listProviders() {
    return { data: this.providers.list().map(({ id, name }) => ({ id, name })) };
  }

  @Get('social-login/:provider')
  @ApiOperation({
    summary: 'Begin a sign-in through a provider',
    description:
      'Gives the address to send the browser to, and what to keep until it comes back; nothing is stored. Good ' +
      'for ten minutes, for one sign-in, and only back to allowed origins.',
  })
  @Public()
  @Returns(200, api.SocialLoginStart)
  @Throws(NotFound, ProviderUnavailable)
  beginSocialLogin(@SlugParam('provider') provider: string, @Query() { redirectUri }: api.SocialLoginQuery) {
    return this.proofs.begin(provider, redirectUri);
  }

  @Post('social-login/:provider')
  @ApiOperation({
    summary: 'Sign in, or sign up, by what the provider sent back',
    description:
      'Finds the account by the identity; else one whose mailbox is proved and whose address the provider vouches ' +
      'for, which is linked and told by mail; else makes one, unless sign-up is closed. What came back works ' +
      'once.',
  })
  @ApiBody({ type: api.SocialProof, examples: api.proofExamples() })
  @Public()
  @Returns(200, SignedIn)
  @Throws(NotFound, LoginStale, IdentityRefused, ProviderUnavailable)
  @Throws(AccountSuspended, EmailUnvouched, SignupClosed, EmailTaken, SignInOvertaken, IdentityReplaced)
  async socialLogin(@SlugParam('provider') provider: string, @Body() proof: api.SocialProof) {
    return showSignedIn(await this.logins.signIn(provider, await this.proofs.identify(provider, proof)));
  }
}
