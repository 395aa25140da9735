import { Body, Controller, Get, Inject, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public, SignedIn } from '../../../access/allow';
import { Caller, CurrentCaller } from '../../../access/caller';
import { CONFIG, type Config } from '../../../config/config';
import { EmailUnverified } from '../../../kit/problem';
import { Returns, Throws } from '../../../http/contract/contract';
import { Accepted, MAIL_ON_ITS_WAY } from '../links/links.api';
import { MembersService } from '../../organizations/members.service';
import { Busy } from '../passwords/passwords.errors';
import { SignedIn as SignedInShape, showSignedIn } from '../sessions/sessions.api';
import { SignInOvertaken } from '../sessions/sessions.errors';
import { EmailTaken } from '../../users/users.errors';
import { showUser } from '../../users/users.api';
import { UsersService } from '../../users/users.service';
import * as api from './auth.api';
import { AccountSuspended, SignupClosed, WrongCredentials } from './auth.errors';
import { LoginService } from './login.service';
import { SignUpService } from './signup.service';
import { VerifiedSignUpService } from './verified-signup.service';

@ApiTags('Auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly signUps: SignUpService,
    private readonly verified: VerifiedSignUpService,
    private readonly logins: LoginService,
    private readonly users: UsersService,
    private readonly members: MembersService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post('signup')
  @ApiOperation({
    summary: 'Sign up: an account, an organization and its Owner; 202 where the mailbox must be proved first',
    description:
      'With `organizationName` it founds an organization of that name, without it a personal one. Where the ' +
      'mailbox must be proved first (the default in production) the answer is 202 for every address, and what ' +
      'comes next is in the mail.',
  })
  @Public()
  @Returns(201, api.SignedUp, { 202: Accepted })
  @Throws(EmailTaken, SignupClosed, Busy)
  async signUp(@Body() form: api.SignUp, @Res({ passthrough: true }) reply: FastifyReply) {
    if (this.config.SIGNUP_POLICY === 'closed') throw new SignupClosed();
    if (this.config.SIGNUP_POLICY === 'open') {
      const { organization, ...session } = await this.signUps.signUp(form);
      return { ...showSignedIn(session), organization };
    }
    await this.verified.request(await this.signUps.accountFrom(form), form.organizationName);
    reply.status(202);
    return MAIL_ON_ITS_WAY;
  }

  @Post('login')
  @ApiOperation({
    summary: 'Sign in by password',
    description:
      'An address without an account gets the answer of a wrong password. A sign-in from a new device is told to ' +
      'the owner by mail, unless they chose otherwise; many wrong guesses make the guesser wait, not the owner.',
  })
  @Public()
  @Returns(200, SignedInShape)
  @Throws(WrongCredentials, AccountSuspended, EmailUnverified, SignInOvertaken, Busy)
  async login(@Body() credentials: api.Login) {
    return showSignedIn(await this.logins.login(credentials));
  }

  @Get('me')
  @ApiOperation({
    summary: 'Who I am, where I belong and what I may do there',
    description:
      'What an app asks first: you, every organization that you belong to, with role and permissions there, and ' +
      'whether you are platform staff. It is read anew each time, so a changed right shows at once.',
  })
  @SignedIn()
  @Returns(200, api.Me)
  async getMe(@CurrentCaller() { userId, sessionId, staffRole }: Caller) {
    const held = await this.members.membershipsOf(userId);
    const user = held[0]?.membership.user ?? (await this.users.get(userId)); // a membership names its user
    return { user: showUser(user), sessionId, staff: staffRole !== null, memberships: held.map(api.showMembership) };
  }
}
