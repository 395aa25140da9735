import { Injectable } from '@nestjs/common';
import type { ObjectType } from 'typeorm';
import { Database } from '../../database/database';
import type { TenantRow } from '../../database/row';
import { Rows } from '../../database/rows';
import { On } from '../../outbox/outbox.handlers';
import { Outbox } from '../../outbox/outbox';
import { Role } from '../roles/role.entity';
import { OrganizationsRepository } from './organizations.repository';

const AT_ONCE = 10_000; // rows, within the outbox's lease; then others that wait for it come first
const ROLES = 4; // each takes its permissions along

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
    for (const table of this.db.tablesUnder('Organization') as ObjectType<TenantRow>[]) {
      const some = { enough: AT_ONCE, ...(table === Role && { batch: ROLES }) };
      if ((await new Rows(this.db, table).sweep({ organizationId }, some)) >= AT_ONCE)
        return this.outbox.add('organization.deleting', { organizationId });
    }

    await this.organizations.remove({ id: organizationId });
  }
}
