import { Injectable } from '@nestjs/common';
import type { Member } from '../../access/caller';
import { Database } from '../../kit/db/database';
import type { Page, PageQuery } from '../../kit/http/page';
import { Outbox } from '../../kit/outbox/outbox';
import { ActivityService } from '../activity/activity.service';
import type { Payment } from '../payments/payment.entity';
import { PaymentsService } from '../payments/payments.service';
import { NotPaid, RefundTooLarge } from './refunds.errors';
import type { Refund } from '../payments/refund.entity';
import type { NewRefund } from './refunds.api';
import { RefundsRepository } from './refunds.repository';

/** Gives money back: it is set aside here at once, and the provider is told after the commit. */
@Injectable()
export class RefundsService {
  constructor(
    private readonly db: Database,
    private readonly refunds: RefundsRepository,
    private readonly payments: PaymentsService,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
  ) {}

  async list(organizationId: string, paymentId: string, query: PageQuery): Promise<Page<Refund>> {
    await this.payments.get(organizationId, paymentId);
    return this.refunds.page(organizationId, query, { paymentId });
  }

  /** Under the lock of the payment, so that many at once never exceed it. @throws NotFound, NotPaid, RefundTooLarge */
  create({ organizationId }: Member, paymentId: string, { amount, reason }: NewRefund): Promise<Refund> {
    return this.db.transaction(async () => {
      const payment = await this.payments.locked(organizationId, paymentId);
      if (!payment.isPaid) throw new NotPaid();
      const left = payment.amount - payment.refundedAmount - (await this.setAside(payment));
      const wanted = amount ?? left;
      if (wanted > left || left <= 0) throw new RefundTooLarge({ detail: `${Math.max(left, 0)} is left.` });

      const values = {
        paymentId,
        amount: wanted,
        reason: reason ?? null,
        refundedBefore: null,
        status: 'pending' as const,
      };
      const { id } = await this.refunds.add(organizationId, values);
      await this.activity.record('payment.refunded', { type: 'payment', id: paymentId }, { organizationId });
      await this.sendNext(payment);
      return this.refunds.get(organizationId, id);
    });
  }

  /**
   * Refunds of one payment go to the provider one after the other: some know a refund only by what went back before it. Under the
   * lock of the payment.
   */
  async sendNext({ organizationId, id: paymentId, refundedAmount }: Payment): Promise<void> {
    const [next, ...rest] = await this.refunds.underWay(organizationId, paymentId);
    if (!next || [next, ...rest].some(({ refundedBefore }) => refundedBefore !== null)) return; // none, or one is on its way
    await this.refunds.change(organizationId, { id: next.id }, { refundedBefore: refundedAmount });
    await this.outbox.add('refund.sent', { organizationId, refundId: next.id });
  }

  private async setAside({ organizationId, id }: Payment): Promise<number> {
    return (await this.refunds.underWay(organizationId, id)).reduce((sum, { amount }) => sum + amount, 0);
  }
}
