import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database';
import { TenantRepository } from '../../../database/tenant.repository';
import { Suppression } from './suppression.entity';

@Injectable()
export class SuppressionsRepository extends TenantRepository<Suppression> {
  constructor(db: Database) {
    super(db, Suppression);
  }

  /** Who does not write to an address, as it is told to its owner. */
  ofAddress(email: string): Promise<Suppression[]> {
    return this.acrossOrganizations.list({ email });
  }

  async forgetAddress(email: string): Promise<void> {
    await this.acrossOrganizations.remove({ email });
  }
}
