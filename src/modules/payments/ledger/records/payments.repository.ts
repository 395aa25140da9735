import { Injectable } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import { clock } from '../../../../kit/clock';
import { Database } from '../../../../database/database';
import type { Where } from '../../../../database/rows';
import { TenantRepository } from '../../../../database/tenant.repository';
import type { PageQuery } from '../../../../http/contract/page';
import type { Page } from '../../../../database/page';
import type { ProviderName } from '../../providers/port/payment.provider';
import { Payment } from './payment.entity';

export type Sought = Where<Pick<Payment, 'organizationId' | 'provider' | 'status' | 'reference'>>;
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

  /**
   * The row, for this transaction alone. Its organization is locked before it, always: two that lock in another order would block each
   * other. @throws NotFound
   */
  async locked(organizationId: string, id: string): Promise<Payment> {
    await this.db.lock('Organization', { id: organizationId });
    await this.db.lock(Payment, { organizationId, id });
    return this.get(organizationId, id);
  }

  /** Some of a provider's that are to be asked about now, the longest due first. */
  due(provider: ProviderName, limit: number): Promise<Payment[]> {
    const where = { provider, askAt: LessThanOrEqual(clock.now()) };
    return this.acrossOrganizations.repository.find({ where, order: { askAt: 'ASC' }, take: limit });
  }

  search(query: PageQuery, where: Sought): Promise<Page<Payment>> {
    return this.acrossOrganizations.page(query, where);
  }

  madeBy(userId: string): Promise<Payment[]> {
    return this.acrossOrganizations.list({ userId });
  }
}
