import { Injectable } from '@nestjs/common';
import type { Member } from '../../access/caller';
import { Database } from '../../database/database';
import { NotFound } from '../../kit/problem';
import type { PageQuery } from '../../http/contract/page';
import { mapPage } from '../../database/page';
import { ActivityService } from '../activity/activity.service';
import { showEntry } from './waitlist.api';
import { WaitlistRepository } from './waitlist.repository';

/** The organization's side of its waiting list. */
@Injectable()
export class WaitlistService {
  constructor(
    private readonly db: Database,
    private readonly entries: WaitlistRepository,
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

  remove({ organizationId }: Member, id: string): Promise<void> {
    return this.db.transaction(async () => {
      if ((await this.entries.remove(organizationId, { id })) === 0) throw new NotFound();
      await this.activity.record('waitlist.removed', { type: 'waitlist-entry', id }, { organizationId });
    });
  }
}
