import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../../access/allow';
import { Caller, CurrentCaller } from '../../../access/caller';
import { Returns, Throws } from '../../../http/contract/contract';
import { Accepted, LinkToken, MAIL_ON_ITS_WAY, MailAddress } from '../links/links.api';
import { LinkDead } from '../links/links.errors';
import { LinksService } from '../links/links.service';
import { Busy, WrongPassword } from '../passwords/passwords.errors';
import { showSignedIn, SignedIn } from '../sessions/sessions.api';
import { SignInOvertaken } from '../sessions/sessions.errors';
import * as api from './auth.api';
import { PasswordNeeded } from './auth.errors';
import { LinkLoginService } from './link-login.service';
import { MailboxVerificationService } from './mailbox-verification.service';

/** Mailed links that prove a mailbox or sign in. No GET uses a link up. */
@ApiTags('Auth')
@Controller('auth')
export class LinkLoginController {
  constructor(
    private readonly links: LinksService,
    private readonly linkLogins: LinkLoginService,
    private readonly proofs: MailboxVerificationService,
  ) {}

  @Post('verify-email')
  @ApiOperation({
    summary: 'Prove a mailbox; signs in where sign-up did not',
    description:
      'On the device that signed up, or in its session, the token is enough and answers 204, or a session where ' +
      'sign-up gave none. Elsewhere it asks for the password (409) or takes a new one, which ends whatever was ' +
      'set up before; until then the link stays good.',
  })
  @ApiBody({ type: api.MailboxProof, examples: api.PROOFS })
  @Public({ knows: 'caller' })
  @Returns(200, SignedIn, { 204: undefined })
  @Throws(LinkDead, PasswordNeeded, WrongPassword, SignInOvertaken, Busy)
  async verifyEmail(
    @Body() proof: api.MailboxProof,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CurrentCaller() caller?: Caller,
  ) {
    const session = await this.proofs.verify(proof, caller);
    if (session) return showSignedIn(session);
    reply.status(204);
    return undefined;
  }

  @Post('verify-email/resend')
  @ApiOperation({
    summary: 'Mail the link again',
    description:
      'The answer is the same for every address; mailed is only to an account whose mailbox is not proved yet. ' +
      'The newest link alone works.',
  })
  @Public()
  @Returns(202, Accepted)
  async resendVerification(@Body() { email }: MailAddress) {
    await this.links.request('verify-email', email);
    return MAIL_ON_ITS_WAY;
  }

  @Post('magic-link')
  @ApiOperation({
    summary: 'Mail a link that signs in',
    description:
      'The answer is the same whether or not there is such an account. The newest link alone works, once, for ten ' +
      'minutes unless configured otherwise.',
  })
  @Public()
  @Returns(202, Accepted)
  async requestMagicLink(@Body() { email }: MailAddress) {
    await this.links.request('magic-link', email);
    return MAIL_ON_ITS_WAY;
  }

  @Post('magic-link/verify')
  @ApiOperation({
    summary: 'Sign in by a mailed link',
    description:
      'Uses the link up and opens a session. If the mailbox was not proved before, it is now, and a password from ' +
      'before is dead: `passwordNeeded` says so.',
  })
  @Public()
  @Returns(200, SignedIn)
  @Throws(LinkDead, SignInOvertaken)
  async verifyMagicLink(@Body() { token }: LinkToken) {
    return showSignedIn(await this.linkLogins.signIn(token));
  }
}
