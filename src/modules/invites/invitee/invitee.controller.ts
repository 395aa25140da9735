import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../../access/allow';
import { Caller, CurrentCaller } from '../../../access/caller';
import { EmailUnverified, NotFound, Unauthenticated } from '../../../kit/problem';
import { Returns, Throws } from '../../../http/contract/contract';
import { AccountSuspended } from '../../auth/login/auth.errors';
import { Accepted, MAIL_ON_ITS_WAY } from '../../auth/links/links.api';
import { AlreadyMember, SeatsTaken } from '../../organizations/organizations.errors';
import { Busy } from '../../auth/passwords/passwords.errors';
import { SignInOvertaken } from '../../auth/sessions/sessions.errors';
import { EmailTaken } from '../../users/users.errors';
import { InviteeService } from './invitee.service';
import * as api from '../invites.api';
import { InviteClosed, InviteExpired, InviteForAnother, InvitePending, InviteReplaced } from '../invites.errors';
import { RenewalService } from './renewal.service';

/** The invited person's side. */
@ApiTags('Invites')
@Controller('invites')
export class InviteeController {
  constructor(
    private readonly invitee: InviteeService,
    private readonly renewals: RenewalService,
  ) {}

  @Post('preview')
  @ApiOperation({
    summary: 'See what the link offers, without using it up',
    description:
      'For the page behind the link: which organization, as what, by whom, for which address, until when. Whoever ' +
      'has the token may look, as often as they like.',
  })
  @Public()
  @Returns(200, api.InvitePreview)
  @Throws(NotFound, InviteClosed, InviteExpired, InviteReplaced)
  previewInvite(@Body() { token }: api.InviteToken) {
    return this.invitee.preview(token);
  }

  @Post('accept')
  @ApiOperation({
    summary: 'Join: signed in as the invited person, or with a name and a password that make the account',
    description:
      'Signed in, your proved address must be the invited one. Without a sign-in, a name and a password make the ' +
      'account, whose mailbox the token proves, and open a session. It takes a seat of the plan, uses the invite ' +
      'up, and tells the inviter.',
  })
  @Public({ knows: 'caller' })
  @Returns(200, api.Joined)
  @Throws(
    Unauthenticated,
    NotFound,
    InviteClosed,
    InviteExpired,
    InviteReplaced,
    InviteForAnother,
    EmailUnverified,
    AlreadyMember,
    SeatsTaken,
    EmailTaken,
    AccountSuspended,
    SignInOvertaken,
    Busy,
  )
  acceptInvite(@Body() acceptance: api.InviteAcceptance, @CurrentCaller() caller?: Caller) {
    return this.invitee.accept(caller, acceptance);
  }

  @Post('decline')
  @ApiOperation({
    summary: 'Say no',
    description:
      'The invite is closed, and its link is dead. The inviter sees it in the list and is not mailed; they may ' +
      'invite again.',
  })
  @Public()
  @Returns(204)
  @Throws(NotFound, InviteClosed, InviteExpired, InviteReplaced)
  async declineInvite(@Body() { token }: api.InviteToken) {
    await this.invitee.decline(token);
  }

  @Post('renew')
  @ApiOperation({
    summary: 'Have a fresh link mailed to the invited address, with an expired one',
    description:
      'As often as the organization allows (`inviteRenewals`), within 30 days of the invite, and while the ' +
      'inviter may offer it. The inviter is told each time, and may take the invite back.',
  })
  @Public()
  @Returns(202, Accepted)
  @Throws(NotFound, InviteClosed, InvitePending, InviteReplaced)
  async renewInvite(@Body() { token }: api.InviteToken) {
    await this.renewals.renew(token);
    return MAIL_ON_ITS_WAY;
  }
}
