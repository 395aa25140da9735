import { Injectable } from '@nestjs/common';
import { Database } from '../../../../database/database';
import { TenantRepository } from '../../../../database/tenant.repository';
import type { RefundStateFact } from '../../providers/port/payment.provider';
import type { Payment } from './payment.entity';
import { Refund } from './refund.entity';

@Injectable()
export class RefundStatesRepository extends TenantRepository<Refund> {
  constructor(db: Database) {
    super(db, Refund);
  }

  /** By what the provider calls it, or by our id while it has no name there. */
  async named({ organizationId, id: paymentId, provider }: Payment, { refund, refundId }: RefundStateFact) {
    const named = await this.find(organizationId, { paymentId, provider, reference: refund });
    if (named || refundId === undefined) return named;
    const ours = await this.find(organizationId, { id: refundId, paymentId });
    return ours?.reference === null ? ours : null;
  }

  of({ organizationId, id: paymentId }: Payment): Promise<Refund[]> {
    return this.list(organizationId, { paymentId });
  }
}
