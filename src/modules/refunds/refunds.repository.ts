import { Injectable } from '@nestjs/common';
import { Database } from '../../kit/db/database';
import { TenantRepository } from '../../kit/db/tenant.repository';
import { Refund } from '../payments/refund.entity';

@Injectable()
export class RefundsRepository extends TenantRepository<Refund> {
  constructor(db: Database) {
    super(db, Refund);
  }

  /** Those of a payment that the provider has not confirmed, in the order they were asked for. */
  underWay(organizationId: string, paymentId: string): Promise<Refund[]> {
    return this.list(organizationId, { paymentId, status: 'pending' });
  }
}
