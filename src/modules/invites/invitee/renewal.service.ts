import { Injectable } from '@nestjs/common';
import { HOUR } from '../../../kit/clock';
import { AccountLimits } from '../../../rate-limit/account-limits';
import { MailAllowance } from '../../../rate-limit/mail-allowance';
import { hashToken } from '../../../kit/token';
import { ActivityService } from '../../activity/activity.service';
import { OrganizationsService } from '../../organizations/organizations.service';
import { InviteLinksService } from './invite-links.service';
import { InviteSenderService } from '../invite-sender.service';

const RENEWALS = { max: 5, per: HOUR };

/** An expired link asks for a fresh one, which goes to the address that was invited. */
@Injectable()
export class RenewalService {
  constructor(
    private readonly links: InviteLinksService,
    private readonly sender: InviteSenderService,
    private readonly organizations: OrganizationsService,
    private readonly limits: AccountLimits,
    private readonly allowance: MailAllowance,
    private readonly activity: ActivityService,
  ) {}

  /** @throws NotFound, InviteReplaced, InvitePending while the link still works, InviteClosed, TooManyRequests */
  async renew(token: string): Promise<void> {
    await this.limits.take(`renew:${hashToken(token)}`, RENEWALS);
    const { organizationId } = await this.links.invite(token);
    await this.organizations.inTurn(organizationId, async () => {
      const invite = await this.links.renewable(token);
      await this.allowance.takeOf(invite.email);

      await this.sender.renewForInvited(invite);
      await this.activity.record('invite.renewed', { type: 'invite', id: invite.id }, { organizationId });
    });
  }
}
