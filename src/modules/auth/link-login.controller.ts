import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../access/allow';
import { Caller, CallerOf } from '../../access/caller';
import { Returns, Throws } from '../../kit/http/contract';
import { Accepted, LinkToken, MAIL_ON_ITS_WAY, MailAddress } from '../links/links.api';
import { LinkDead } from '../links/links.errors';
import { LinksService } from '../links/links.service';
import { Busy, WrongPassword } from '../passwords/passwords.errors';
import { showSignedIn, SignedIn } from '../sessions/sessions.api';
import { SignInOvertaken } from '../sessions/sessions.errors';
import * as api from './auth.api';
import { PasswordNeeded } from './auth.errors';
import { LinkLoginService } from './link-login.service';
import { MailboxProofService } from './mailbox-proof.service';

/** Mailed links that prove a mailbox or sign in. No GET uses a link up. */
@ApiTags('Auth')
@Controller('auth')
export class LinkLoginController {
  constructor(
    private readonly links: LinksService,
    private readonly linkLogins: LinkLoginService,
    private readonly proofs: MailboxProofService,
  ) {}

  @Post('verify-email')
  @ApiOperation({ summary: 'Prove a mailbox; signs in where sign-up did not' })
  @ApiBody({ type: api.MailboxProof, examples: api.PROOFS })
  @Public({ knows: 'caller' })
  @Returns(200, SignedIn, { 204: undefined })
  @Throws(LinkDead, PasswordNeeded, WrongPassword, SignInOvertaken, Busy)
  async verifyEmail(
    @Body() proof: api.MailboxProof,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CallerOf() caller?: Caller,
  ) {
    const session = await this.proofs.verify(proof, caller);
    if (session) return showSignedIn(session);
    reply.status(204);
    return undefined;
  }

  @Post('verify-email/resend')
  @ApiOperation({ summary: 'Mail the link again' })
  @Public()
  @Returns(202, Accepted)
  async resendVerification(@Body() { email }: MailAddress) {
    await this.links.request('verify-email', email);
    return MAIL_ON_ITS_WAY;
  }

  @Post('magic-link')
  @ApiOperation({ summary: 'Mail a link that signs in' })
  @Public()
  @Returns(202, Accepted)
  async requestMagicLink(@Body() { email }: MailAddress) {
    await this.links.request('magic-link', email);
    return MAIL_ON_ITS_WAY;
  }

  @Post('magic-link/verify')
  @ApiOperation({ summary: 'Sign in by a mailed link' })
  @Public()
  @Returns(200, SignedIn)
  @Throws(LinkDead, SignInOvertaken)
  async verifyMagicLink(@Body() { token }: LinkToken) {
    return showSignedIn(await this.linkLogins.signIn(token));
  }
}
