import { Injectable } from '@nestjs/common';
import type { Member } from '../../access/caller';
import { MailAllowance } from '../../rate-limit/mail-allowance';
import { Outbox } from '../../outbox/outbox';
import { ActivityService } from '../activity/activity.service';
import { MembersService } from '../organizations/members.service';
import { AlreadyMember } from '../organizations/organizations.errors';
import { RolesService } from '../roles/roles.service';
import { showEntry, type WaitlistInvite } from './waitlist.api';
import { WaitlistRepository } from './waitlist.repository';

/** Calls people out of the queue. */
@Injectable()
export class CallingService {
  constructor(
    private readonly entries: WaitlistRepository,
    private readonly members: MembersService,
    private readonly roles: RolesService,
    private readonly allowance: MailAllowance,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
  ) {}

  /**
   * Takes a person out of the queue and asks for an invite, by the caller: it needs whatever an invite of theirs needs. That is
   * checked here, to say it at once, and again where the invite is made.
   * @throws Forbidden, EmailUnverified, TooManyRequests, RoleUnknown, GrantsTooMuch, AlreadyMember, NotWaiting
   */
  async invite(caller: Member, id: string, { role: roleName = 'Member' }: WaitlistInvite) {
    const { organizationId, userId } = caller;
    caller.require(['invites:create']);
    const { email } = await this.entries.get(organizationId, id);
    await this.allowance.take(caller, email);

    return this.entries.call(organizationId, id, async () => {
      const role = await this.roles.grantable(caller, roleName);
      if (await this.members.hasMemberWithEmail(organizationId, email)) throw new AlreadyMember();

      await this.activity.record('waitlist.invited', { type: 'waitlist-entry', id }, { organizationId });
      await this.outbox.add('waitlist.invited', { organizationId, email, roleId: role.id, inviterId: userId });
      return showEntry(await this.entries.get(organizationId, id), null);
    });
  }
}
