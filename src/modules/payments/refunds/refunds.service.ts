import { Inject, Injectable } from '@nestjs/common';
import type { Member } from '../../../access/caller';
import { fromNow } from '../../../kit/clock';
import { CONFIG, type Config } from '../../../config/config';
import { Database } from '../../../database/database';
import type { PageQuery } from '../../../http/contract/page';
import type { Page } from '../../../database/page';
import { Outbox } from '../../../outbox/outbox';
import { ActivityService } from '../../activity/activity.service';
import type { Payment } from '../ledger/records/payment.entity';
import { PaymentsService } from '../ledger/payments.service';
import type { Refund } from '../ledger/records/refund.entity';
import type { NewRefund } from './refunds.api';
import { NotPaid, RefundBySeller, RefundTooLarge } from './refunds.errors';
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
    @Inject(CONFIG) private readonly config: Pick<Config, 'REFUND_WINDOW'>,
  ) {}

  async list(organizationId: string, paymentId: string, query: PageQuery): Promise<Page<Refund>> {
    await this.payments.get(organizationId, paymentId);
    return this.refunds.page(organizationId, query, { paymentId });
  }

  /** Under the lock of the organization and the payment, so that many at once never exceed it. @throws NotFound, RefundBySeller, NotPaid, RefundTooLarge */
  create(caller: Member, paymentId: string, { amount, reason, access }: NewRefund): Promise<Refund> {
    const { organizationId } = caller;
    return this.db.transaction(async () => {
      const payment = await this.payments.locked(organizationId, paymentId);
      const isSeller = caller.isStaff('payments:write');
      if (!isSeller) await this.requireWindow(payment, access);

      await this.activity.record('payment.refunded', { type: 'payment', id: paymentId }, { organizationId });
      const grantedBy = isSeller ? 'seller' : 'window';
      return this.give(payment, { amount, reason: reason ?? null, access: access ?? 'end', grantedBy });
    });
  }

  /** Sets money aside and sends it. Part of a transaction, under the lock of the payment. @throws NotPaid, RefundTooLarge */
  async give(
    payment: Payment,
    { amount, ...of }: { amount?: number } & Pick<Refund, 'reason' | 'access' | 'grantedBy'> & { id?: string },
  ): Promise<Refund> {
    const { organizationId, id: paymentId } = payment;
    if (!payment.isPaid) throw new NotPaid();
    const left = payment.amount - payment.refundedAmount - (await this.setAside(payment));
    const wanted = amount ?? left;
    if (wanted > left || left <= 0) throw new RefundTooLarge({ detail: `${Math.max(left, 0)} is left.` });

    const pending = { refundedBefore: null, status: 'pending', provider: null, reference: null } as const;
    const { id } = await this.refunds.add(organizationId, { ...of, ...pending, paymentId, amount: wanted });
    await this.sendNext(payment);
    return this.refunds.get(organizationId, id);
  }

  /** What began over there with money that goes back must not go on to collect. */
  endBegun({ provider, id: paymentId }: Payment, reference: string): Promise<void> {
    return this.outbox.add('subscription.ends-now', { provider, paymentId, reference });
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

  /** What a buyer may give themselves back. @throws RefundBySeller */
  private async requireWindow({ organizationId, paidAt }: Payment, access: NewRefund['access']): Promise<void> {
    const isOpen = paidAt === null || paidAt > fromNow(-this.config.REFUND_WINDOW);
    if (this.config.REFUND_WINDOW === 0 || !isOpen || access === 'keep') throw new RefundBySeller();
    if (await this.refunds.hasUsedWindow(organizationId)) throw new RefundBySeller();
  }

  private async setAside({ organizationId, id }: Payment): Promise<number> {
    return (await this.refunds.underWay(organizationId, id)).reduce((sum, { amount }) => sum + amount, 0);
  }
}
