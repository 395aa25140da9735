import { Injectable } from '@nestjs/common';
import type { Member } from '../../access/caller';
import type { PageQuery } from '../../http/contract/page';
import type { Page } from '../../database/page';
import { ActivityService } from '../activity/activity.service';
import { OrganizationsService } from '../organizations/organizations.service';
import type { Invite } from './records/invite.entity';
import { InviteStandingService } from './invite-standing.service';
import { InviteClosed } from './invites.errors';
import { InvitesRepository, SHOWN } from './records/invites.repository';

/** The organization's side of an invite. */
@Injectable()
export class InvitesService {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly standing: InviteStandingService,
    private readonly organizations: OrganizationsService,
    private readonly activity: ActivityService,
  ) {}

  async list({ organizationId }: Member, query: PageQuery): Promise<Page<Invite>> {
    const page = await this.invites.page(organizationId, query, {}, SHOWN);
    await this.standing.judge(organizationId, page.data);
    return page;
  }

  async get(organizationId: string, id: string): Promise<Invite> {
    const invite = await this.invites.get(organizationId, id, SHOWN);
    await this.standing.judge(organizationId, [invite]);
    return invite;
  }

  /** Pending, expired or void. @throws NotFound, InviteClosed */
  async getOpen(organizationId: string, id: string): Promise<Invite> {
    const invite = await this.get(organizationId, id);
    if (invite.openEmail === null) throw new InviteClosed();
    return invite;
  }

  /** Takes an open invite back, an expired one, too: whatever its links could do, they can no more. @throws InviteClosed */
  revoke({ organizationId }: Member, id: string): Promise<void> {
    return this.organizations.inTurn(organizationId, async () => {
      const invite = await this.getOpen(organizationId, id);
      if (!(await this.invites.close(invite, 'revokedAt'))) throw new InviteClosed();

      await this.activity.record('invite.revoked', { type: 'invite', id }, { organizationId });
    });
  }
}
