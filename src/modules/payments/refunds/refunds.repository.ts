import { Injectable } from '@nestjs/common';
import { In, IsNull } from 'typeorm';
import { Database } from '../../../database/database';
import { TenantRepository } from '../../../database/tenant.repository';
import { Refund } from '../ledger/records/refund.entity';

@Injectable()
export class RefundsRepository extends TenantRepository<Refund> {
  constructor(db: Database) {
    super(db, Refund);
  }

  /** Those of a payment that the provider has not heard of, as far as we know, in the order they were asked for. */
  underWay(organizationId: string, paymentId: string): Promise<Refund[]> {
    return this.list(organizationId, { paymentId, status: 'pending', reference: IsNull() });
  }

  /** Whether the window was used: once for an organization, unless nothing came of it. */
  async hasUsedWindow(organizationId: string): Promise<boolean> {
    const used = { grantedBy: 'window', status: In(['pending', 'succeeded']) } as const;
    return (await this.find(organizationId, used)) !== null;
  }
}
