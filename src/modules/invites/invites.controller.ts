import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../access/allow';
import { CurrentCaller, Member } from '../../access/caller';
import { EmailUnverified } from '../../kit/problem';
import { Returns, Throws } from '../../http/contract/contract';
import { Idempotent } from '../../http/idempotency/idempotency';
import { PageQuery } from '../../http/contract/page';
import { mapPage } from '../../database/page';
import { IdParam } from '../../http/contract/params';
import { RateLimit } from '../../rate-limit/rate-limit';
import { AlreadyMember } from '../organizations/organizations.errors';
import { GrantsTooMuch, RoleUnknown } from '../roles/roles.errors';
import * as api from './invites.api';
import { InviteClosed, InvitePending } from './invites.errors';
import { InvitesService } from './invites.service';
import { InvitingService } from './inviting.service';

/** The organization's side of an invite. */
@ApiTags('Invites')
@Controller('organizations/:orgId/invites')
export class InvitesController {
  constructor(
    private readonly invites: InvitesService,
    private readonly inviting: InvitingService,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List invites',
    description:
      'Expired ones are there for 30 days, and can be sent again or taken back. `void` ones cannot be used, ' +
      'because their inviter may no longer offer them.',
  })
  @Allow('invites:read')
  @Returns(200, api.InvitePage)
  async listInvites(@CurrentCaller() caller: Member, @Query() query: PageQuery) {
    return mapPage(await this.invites.list(caller, query), api.showInvite);
  }

  @Post()
  @ApiOperation({
    summary: 'Invite a person by e-mail',
    description:
      'Mails a link to the address, in your name; your own mailbox must be proved. You can offer no role that ' +
      'grants more than you hold, and an address has one invite at a time. It takes no seat before it is ' +
      'accepted.',
  })
  @Allow('invites:create')
  @RateLimit('strict')
  @Idempotent()
  @Returns(201, api.Invite)
  @Throws(EmailUnverified, AlreadyMember, InvitePending, GrantsTooMuch, RoleUnknown)
  async createInvite(@CurrentCaller() caller: Member, @Body() invite: api.NewInvite) {
    return api.showInvite(await this.inviting.create(caller, invite));
  }

  @Get(':inviteId')
  @ApiOperation({
    summary: 'Read an invite',
    description:
      'To whom it went, by whom, as what, until when, and how it stands now. The link itself is in the mail ' +
      'alone.',
  })
  @Allow('invites:read')
  @Returns(200, api.Invite)
  async getInvite(@CurrentCaller() { organizationId }: Member, @IdParam('inviteId') id: string) {
    return api.showInvite(await this.invites.get(organizationId, id));
  }

  @Post(':inviteId/resend')
  @ApiOperation({
    summary: 'Mail a fresh link; the old one stops working',
    description:
      'The invite is in your name and good for its whole time from now on, an expired or void one, too. The ' +
      'person is mailed each time, so the allowance for mails to others applies.',
  })
  @Allow('invites:create')
  @RateLimit('strict')
  @Idempotent()
  @Returns(200, api.Invite)
  @Throws(EmailUnverified, InviteClosed, GrantsTooMuch)
  async resendInvite(@CurrentCaller() caller: Member, @IdParam('inviteId') id: string) {
    return api.showInvite(await this.inviting.resend(caller, id));
  }

  @Delete(':inviteId')
  @ApiOperation({
    summary: 'Take an open invite back',
    description:
      'Every link that was mailed for it stops working at once, those that could have been renewed, too. Nobody ' +
      'is told; the address can be invited anew.',
  })
  @Allow('invites:revoke')
  @Returns(204)
  @Throws(InviteClosed)
  async revokeInvite(@CurrentCaller() caller: Member, @IdParam('inviteId') id: string) {
    await this.invites.revoke(caller, id);
  }
}
