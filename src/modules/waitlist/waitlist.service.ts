import { Injectable } from '@nestjs/common';
import type { Member } from '../../access/caller';
import { Database } from '../../kit/db/database';
import { Forbidden, NotFound } from '../../kit/errors/problem';
import { mapPage, type PageQuery } from '../../kit/http/page';
import { Outbox } from '../../kit/outbox/outbox';
import { ActivityService } from '../activity/activity.service';
import { MembersService } from '../organizations/members.service';
import { AlreadyMember } from '../organizations/organizations.errors';
import { RolesService } from '../roles/roles.service';
import { showEntry, type WaitlistInvite } from './waitlist.api';
import { NotWaiting } from './waitlist.errors';
import { WaitlistRepository } from './waitlist.repository';

/** The organization's side of its waiting list. */
@Injectable()
export class WaitlistService {
  constructor(
    private readonly db: Database,
    private readonly entries: WaitlistRepository,
    private readonly members: MembersService,
    private readonly roles: RolesService,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
  ) {}

  async list({ organizationId }: Member, query: PageQuery) {
    const page = await this.entries.page(organizationId, query, {});
    const places = await this.entries.placesOf(
      organizationId,
      page.data.map(({ id }) => id),
    );
    return mapPage(page, (entry) => showEntry(entry, places.get(entry.id) ?? null));
  }

  /**
   * Takes a person out of the queue and asks for an invite, by the caller: it needs whatever an invite of theirs needs. That is
   * checked here, to say it at once, and again where the invite is made. @throws Forbidden, RoleUnknown, GrantsTooMuch, AlreadyMember, NotWaiting
   */
  invite(caller: Member, id: string, { role: roleName = 'Member' }: WaitlistInvite) {
    const { organizationId, userId } = caller;
    if (!caller.may('invites:create')) throw new Forbidden();
    return this.db.transaction(async () => {
      const { email } = await this.entries.get(organizationId, id);
      const role = await this.roles.grantable(caller, roleName);
      if (await this.members.hasMemberWithEmail(organizationId, email)) throw new AlreadyMember();
      if (!(await this.entries.call(organizationId, id))) throw new NotWaiting();

      await this.activity.record('waitlist.invited', { type: 'waitlist-entry', id }, { organizationId });
      await this.outbox.add('waitlist.invited', { organizationId, email, roleId: role.id, inviterId: userId });
      return showEntry(await this.entries.get(organizationId, id), null);
    });
  }

  remove({ organizationId }: Member, id: string): Promise<void> {
    return this.db.transaction(async () => {
      if ((await this.entries.remove(organizationId, { id })) === 0) throw new NotFound();
      await this.activity.record('waitlist.removed', { type: 'waitlist-entry', id }, { organizationId });
    });
  }
}
