import { Injectable } from '@nestjs/common';
import { Database } from '../../kit/db/database';
import { TenantRepository } from '../../kit/db/tenant.repository';
import type { ProviderName } from '../providers/payment.provider';
import { Payment } from './payment.entity';

type Names = { paymentId?: string; reference: string | null };

@Injectable()
export class PaymentsRepository extends TenantRepository<Payment> {
  constructor(db: Database) {
    super(db, Payment);
  }

  /** By our id, or by what the provider calls it. */
  named(provider: ProviderName, { paymentId, reference }: Names): Promise<Payment | null> {
    if (paymentId !== undefined) return this.acrossOrganizations.find({ id: paymentId, provider });
    return reference === null ? Promise.resolve(null) : this.acrossOrganizations.find({ provider, reference });
  }

  /** The row, for this transaction alone. @throws NotFound */
  async locked(organizationId: string, id: string): Promise<Payment> {
    await this.db.lock(Payment, { organizationId, id });
    return this.get(organizationId, id);
  }

  madeBy(userId: string): Promise<Payment[]> {
    return this.acrossOrganizations.list({ userId });
  }
}
