import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { fromNow } from '../../../kit/clock';
import { CONFIG, type Config } from '../../../config/config';
import { Database } from '../../../database/database';
import { On } from '../../../outbox/outbox.handlers';
import { Outbox } from '../../../outbox/outbox';
import { newToken } from '../../../kit/token';
import { ActivityService } from '../../activity/activity.service';
import { LinkDead } from '../../auth/links/links.errors';
import { OrganizationsService } from '../../organizations/organizations.service';
import type { NewWaitlistEntry, WaitlistPlace } from '../waitlist.api';
import { WaitlistRepository } from '../waitlist.repository';

type Request = NewWaitlistEntry & { organizationId: string };

/** From a request to a place in the queue: the owner of the mailbox confirms it by a mailed link. */
@Injectable()
export class ConfirmationService {
  constructor(
    private readonly db: Database,
    private readonly entries: WaitlistRepository,
    private readonly organizations: OrganizationsService,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Writes a request down and mails a link, which kills the one before. Who has confirmed already is left alone. */
  @On('waitlist.requested')
  enter({ organizationId, ...request }: Request): Promise<void> {
    return this.db.transaction(async () => {
      const known = await this.entries.find(organizationId, { email: request.email });
      if (known?.confirmedAt) return;

      const { token, hash } = newToken();
      const link = { tokenHash: hash, expiresAt: fromNow(this.config.VERIFY_TTL) };
      const entryId = known?.id ?? (await this.add(organizationId, { ...request, ...link }));
      if (known) await this.entries.change(organizationId, { id: entryId, confirmedAt: IsNull() }, link);
      await this.outbox.add('waitlist.entered', { organizationId, entryId, token });
    });
  }

  /** Uses the link up. @throws LinkDead */
  confirm(token: string): Promise<WaitlistPlace> {
    return this.db.transaction(async () => {
      const entry = await this.entries.findByToken(token);
      if (!entry || !(await this.entries.confirm(entry, token))) throw new LinkDead();
      const { id, organizationId } = entry;
      if ((await this.organizations.get(organizationId)).status !== 'active') throw new LinkDead();

      await this.record('confirmed', organizationId, id);
      return { position: (await this.entries.placesOf(organizationId, [id])).get(id) ?? null };
    });
  }

  private async add(organizationId: string, values: NewWaitlistEntry & { tokenHash: string; expiresAt: Date }) {
    const { id } = await this.entries.add(organizationId, values);
    await this.record('requested', organizationId, id);
    return id;
  }

  private record(what: string, organizationId: string, id: string): Promise<void> {
    return this.activity.record(`waitlist.${what}`, { type: 'waitlist-entry', id }, { organizationId });
  }
}
