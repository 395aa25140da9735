import { Injectable } from '@nestjs/common';
import { Database } from '../../kit/db/database';
import { Rows } from '../../kit/db/rows';
import { TenantRow } from '../../kit/db/row';
import { On } from '../../kit/outbox/on';
import { Outbox } from '../../kit/outbox/outbox';
import { OrganizationsRepository } from './organizations.repository';

const AT_ONCE = 50_000; // rows; then others that wait for the outbox come first

/** Empties an organization that is deleted, in batches, so that nobody else waits for it; then it is gone. */
@Injectable()
export class DeletionProcessor {
  constructor(
    private readonly db: Database,
    private readonly organizations: OrganizationsRepository,
    private readonly outbox: Outbox,
  ) {}

  @On('organization.deleting')
  async empty({ organizationId }: { organizationId: string }): Promise<void> {
    for (const table of this.db.tablesOf(TenantRow))
      if ((await new Rows(this.db, table).sweep({ organizationId }, AT_ONCE)) >= AT_ONCE)
        return this.outbox.add('organization.deleting', { organizationId });

    await this.organizations.remove({ id: organizationId });
  }
}
