import { Injectable } from '@nestjs/common';
import { IsNull, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import { clock } from '../../../kit/clock';
import { Database } from '../../../database/database';
import { TenantRepository } from '../../../database/tenant.repository';
import type { ProviderName } from '../providers/port/payment.provider';
import { Subscription } from './records/subscription.entity';

@Injectable()
export class SubscriptionsRepository extends TenantRepository<Subscription> {
  constructor(db: Database) {
    super(db, Subscription);
  }

  /** The one that counts. */
  live(organizationId: string): Promise<Subscription | null> {
    return this.find(organizationId, { liveFor: organizationId });
  }

  /** By what the provider calls it, or by the payment that began it. */
  async named(provider: ProviderName, reference: string, paymentId?: string): Promise<Subscription | null> {
    const known = await this.acrossOrganizations.find({ provider, reference });
    return known ?? (paymentId ? this.acrossOrganizations.find({ provider, paymentId }) : null);
  }

  begunBy(paymentId: string): Promise<Subscription | null> {
    return this.acrossOrganizations.find({ paymentId });
  }

  /** Some of a provider's that renew and were not asked about since; one that has just begun is left alone as long. */
  unasked(provider: ProviderName, since: string, limit: number): Promise<Subscription[]> {
    return this.acrossOrganizations.query(
      `WHERE t.live_for IS NOT NULL AND t.provider = ? AND t.interval <> 'once' AND COALESCE(t.asked_at, t.started_at) <= ?
       ORDER BY COALESCE(t.period_end, t.paid_until), t.id LIMIT ?`,
      [provider, since, String(limit)],
    );
  }

  /** Some of those whose time may be over, in the order of their ids. */
  async due(limit: number, after: string): Promise<Subscription[]> {
    const of = { liveFor: Not(IsNull()), id: MoreThan(after) };
    const past = LessThanOrEqual(clock.now());
    const where = [
      { ...of, periodEnd: past },
      { ...of, paidUntil: past },
      { ...of, cancelAt: past },
    ];
    return this.acrossOrganizations.repository.find({ where, order: { id: 'ASC' }, take: limit });
  }
}
