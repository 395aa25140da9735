import { Injectable, Logger } from '@nestjs/common';
import { Problem } from '../../kit/problem';
import { Formerly, On } from '../../outbox/outbox.handlers';
import { ActivityService } from '../activity/activity.service';
import { OrganizationsService } from '../organizations/organizations.service';
import { InviteSenderService } from './invite-sender.service';
import { InviteStandingService } from './invite-standing.service';

type Request = { organizationId: string; email: string; roleId: string; inviterId: string };

/** Invites that other modules ask for, in someone's name. */
@Injectable()
@Formerly('InviteRequests')
export class InvitesProcessor {
  private readonly logger = new Logger(InvitesProcessor.name);

  constructor(
    private readonly standing: InviteStandingService,
    private readonly sender: InviteSenderService,
    private readonly organizations: OrganizationsService,
    private readonly activity: ActivityService,
  ) {}

  /** Makes the invite, if that person may invite to that role by now. What must not be made is let go: asking again changes nothing. */
  @On('waitlist.invited')
  async make(request: Request): Promise<void> {
    await this.create(request).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      this.logger.warn(
        { organizationId: request.organizationId, reason: error.code },
        'An invite was asked for in vain.',
      );
    });
  }

  private create({ organizationId, email, roleId, inviterId }: Request): Promise<void> {
    return this.organizations.inTurn(organizationId, async () => {
      await this.standing.require({ organizationId, roleId, inviterId });

      const { id } = await this.sender.create({ organizationId, email, roleId, inviterId });
      await this.activity.record('invite.created', { type: 'invite', id }, { organizationId, actorId: inviterId });
    });
  }
}
