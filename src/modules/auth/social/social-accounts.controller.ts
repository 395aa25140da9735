import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { SignedIn } from '../../../access/allow';
import { Caller, CurrentCaller } from '../../../access/caller';
import { EmailUnverified, NotFound } from '../../../kit/problem';
import { Returns, Throws } from '../../../http/contract/contract';
import { PageQuery } from '../../../http/contract/page';
import { IdParam } from '../../../http/contract/params';
import { IdentityRefused, ProviderUnavailable } from './providers/identity';
import { LoginStale } from './providers/login-tickets';
import { Busy, NoPassword, ProofRequired, WrongMailCode, WrongPassword } from '../passwords/passwords.errors';
import { PersonProofService } from '../passwords/person-proof.service';
import { SocialAccountsService } from './social-accounts.service';
import { SocialProofService } from './social-proof.service';
import * as api from './social.api';
import { AlreadyLinked, LastWayIn } from './social.errors';

@ApiTags('Social login')
@Controller('auth/social-accounts')
export class SocialAccountsController {
  constructor(
    private readonly accounts: SocialAccountsService,
    private readonly proofs: SocialProofService,
    private readonly persons: PersonProofService,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List the identities that sign me in',
    description:
      'Which provider, with the address that it had when it was linked. Any of them can sign in to your account.',
  })
  @SignedIn()
  @Returns(200, api.SocialAccountPage)
  listSocialAccounts(@CurrentCaller() { userId }: Caller, @Query() query: PageQuery) {
    return this.accounts.list(userId, query);
  }

  @Post()
  @ApiOperation({
    summary: 'Link an identity to my account',
    description:
      'Wants a proof that it is you, not someone with your session: `currentPassword`, or the `mailCode` of POST ' +
      '/auth/step-up/mail-code. Your mailbox must be proved. From then on the identity signs you in, and you are ' +
      'told by mail.',
  })
  @ApiBody({ type: api.NewSocialAccount, examples: api.proofExamples(api.NEW_ACCOUNT) })
  @SignedIn()
  @Returns(201, api.SocialAccount)
  @Throws(NotFound, LoginStale, IdentityRefused, ProviderUnavailable)
  @Throws(EmailUnverified, AlreadyLinked, Busy)
  @Throws(ProofRequired, NoPassword, WrongPassword, WrongMailCode)
  async linkSocialAccount(@CurrentCaller() caller: Caller, @Body() form: api.NewSocialAccount) {
    // else who proves the mailbox later would find someone else's way in there (decision 9)
    if (!caller.verified) throw new EmailUnverified();

    const { provider, currentPassword, mailCode, ...proof } = form;
    const proved = await this.persons.take(caller, { currentPassword, mailCode });
    return this.accounts.link(proved, provider, await this.proofs.identify(provider, proof));
  }

  @Delete(':accountId')
  @ApiOperation({
    summary: 'Unlink an identity from my account',
    description:
      'It no longer signs you in, and you are told by mail; sessions that are open stay. The last way in cannot ' +
      'be taken away: set a password first.',
  })
  @SignedIn()
  @Returns(204)
  @Throws(NotFound, LastWayIn)
  async unlinkSocialAccount(@CurrentCaller() { userId }: Caller, @IdParam('accountId') id: string) {
    await this.accounts.unlink(userId, id);
  }
}
