import { Injectable } from '@nestjs/common';
import { NotFound } from '../../../kit/problem';
import { MailAllowance } from '../../../rate-limit/mail-allowance';
import { Outbox } from '../../../outbox/outbox';
import { MembersService } from '../../organizations/members.service';
import { OrganizationsService } from '../../organizations/organizations.service';
import type { NewWaitlistEntry } from '../waitlist.api';

/** Where strangers ask to be let in. */
@Injectable()
export class WaitlistRequestsService {
  constructor(
    private readonly organizations: OrganizationsService,
    private readonly members: MembersService,
    private readonly allowance: MailAllowance,
    private readonly outbox: Outbox,
  ) {}

  /** Takes a request, in the name of an organization of which somebody is known by a proved mailbox. Whether the address is known is found out later, by the outbox: the answer cannot tell. @throws NotFound */
  async request(orgSlug: string, entry: NewWaitlistEntry): Promise<void> {
    const { id: organizationId } = await this.organizations.active(orgSlug);
    if (!(await this.members.hasProvedOwner(organizationId))) throw new NotFound();
    if (await this.allowance.allows('waitlist', entry.email, organizationId))
      await this.outbox.add('waitlist.requested', { ...entry, organizationId });
  }
}
