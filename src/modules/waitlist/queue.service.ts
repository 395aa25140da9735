import { Injectable } from '@nestjs/common';
import { MINUTE } from '../../kit/clock';
import { Limits } from '../../kit/limits/limits';
import { Outbox } from '../../kit/outbox/outbox';
import { OrganizationsService } from '../organizations/organizations.service';
import type { NewWaitlistEntry } from './waitlist.api';

/** So many mails may be asked for an address, whichever organizations are asked: nobody's mailbox is to be flooded through us. */
const PER_MAILBOX = { max: 5, per: 15 * MINUTE };

/** Where strangers ask to be let in. */
@Injectable()
export class QueueService {
  constructor(
    private readonly organizations: OrganizationsService,
    private readonly limits: Limits,
    private readonly outbox: Outbox,
  ) {}

  /** Takes a request. Whether the address is known is found out later, by the outbox: the answer cannot tell. @throws NotFound */
  async request(orgSlug: string, entry: NewWaitlistEntry): Promise<void> {
    const { id: organizationId } = await this.organizations.active(orgSlug);
    if (await this.limits.allows(`mail:waitlist:${entry.email}`, PER_MAILBOX))
      await this.outbox.add('waitlist.requested', { ...entry, organizationId });
  }
}
