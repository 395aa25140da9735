import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../access/allow';
import { CurrentCaller, Member } from '../../access/caller';
import { EmailUnverified } from '../../kit/problem';
import { Returns, Throws } from '../../http/contract/contract';
import { Idempotent } from '../../http/idempotency/idempotency';
import { PageQuery } from '../../http/contract/page';
import { IdParam } from '../../http/contract/params';
import { AlreadyMember } from '../organizations/organizations.errors';
import { GrantsTooMuch, RoleUnknown } from '../roles/roles.errors';
import { CallingService } from './calling.service';
import * as api from './waitlist.api';
import { NotWaiting } from './waitlist.errors';
import { WaitlistService } from './waitlist.service';

/** The organization's side of its waiting list. */
@ApiTags('Waitlist')
@Controller('organizations/:orgId/waitlist')
export class WaitlistController {
  constructor(
    private readonly waitlist: WaitlistService,
    private readonly calling: CallingService,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List who waits, and at what place',
    description:
      'Those who confirmed have a place, counted from the one who confirmed first; those who did not have none ' +
      'yet. Who was invited stays in the list, and says so.',
  })
  @Allow('waitlist:read')
  @Returns(200, api.WaitlistEntryPage)
  listWaitlist(@CurrentCaller() caller: Member, @Query() query: PageQuery) {
    return this.waitlist.list(caller, query);
  }

  @Post(':entryId/invite')
  @ApiOperation({
    summary: 'Invite a person who waits',
    description:
      'Needs `invites:create` as well, and whatever the role grants: the invite is made in your name. The person ' +
      'leaves the queue and is mailed the invite a moment after the answer.',
  })
  @Allow('waitlist:write')
  @Idempotent()
  @Returns(202, api.WaitlistEntry)
  @Throws(EmailUnverified, NotWaiting, AlreadyMember, GrantsTooMuch, RoleUnknown)
  inviteFromWaitlist(
    @CurrentCaller() caller: Member,
    @IdParam('entryId') id: string,
    @Body() invite: api.WaitlistInvite,
  ) {
    return this.calling.invite(caller, id, invite);
  }

  @Delete(':entryId')
  @ApiOperation({
    summary: 'Take a person off the list',
    description:
      'The address is forgotten, and a link that was mailed for it is dead. They are not told, and may ask again; ' +
      'an invite that they got stays.',
  })
  @Allow('waitlist:write')
  @Returns(204)
  async removeFromWaitlist(@CurrentCaller() caller: Member, @IdParam('entryId') id: string) {
    await this.waitlist.remove(caller, id);
  }
}
