import { Injectable } from '@nestjs/common';
import { Database } from '../../kit/db/database';
import { TenantRepository } from '../../kit/db/tenant.repository';
import { Refund } from './refund.entity';

@Injectable()
export class RefundsRepository extends TenantRepository<Refund> {
  constructor(db: Database) {
    super(db, Refund);
  }

  /** How much of a payment is set aside for refunds that the provider has not confirmed. */
  async underWay(organizationId: string, paymentId: string): Promise<number> {
    const pending = await this.list(organizationId, { paymentId, status: 'pending' });
    return pending.reduce((sum, { amount }) => sum + amount, 0);
  }
}
