import { Injectable } from '@nestjs/common';
import { IsNull, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import { clock, DAY, fromNow } from '../../kit/clock';
import { Database } from '../../kit/db/database';
import { TenantRepository } from '../../kit/db/tenant.repository';
import type { ProviderName } from '../providers/payment.provider';
import { Subscription } from './subscription.entity';

/** How late the news of a renewal may be: providers try again for days, and webhooks get lost. */
const GRACE = 7 * DAY;
/** How long a declined card may be tried again. What a provider says of a period counts no longer than that without the price being paid. */
const UNPAID = 30 * DAY;

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

  /** Some of those whose time is over, by their ids. */
  overdue(limit: number, after: string): Promise<Subscription[]> {
    const live = { liveFor: Not(IsNull()), id: MoreThan(after) };
    const before = (time: Date, more: object) => [
      { ...live, ...more, periodEnd: LessThanOrEqual(time) },
      { ...live, ...more, periodEnd: IsNull(), paidUntil: LessThanOrEqual(time) },
    ];
    const where = [
      ...before(clock.now(), { cancelledAt: Not(IsNull()) }),
      ...before(fromNow(-GRACE), {}),
      { ...live, paidUntil: LessThanOrEqual(fromNow(-UNPAID)) },
    ];
    return this.acrossOrganizations.repository.find({ where, order: { id: 'ASC' }, take: limit });
  }

  isOverdue({ liveFor, cancelledAt, currentPeriodEnd, paidUntil }: Subscription): boolean {
    const end = cancelledAt ? clock.now() : fromNow(-GRACE);
    const isPast = currentPeriodEnd !== null && currentPeriodEnd <= end;
    const isUnpaid = paidUntil !== null && paidUntil <= fromNow(-UNPAID);
    return liveFor !== null && (isPast || isUnpaid);
  }
}
