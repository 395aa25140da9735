import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database';
import { Formerly, On } from '../../../outbox/outbox.handlers';
import { LedgerService } from '../ledger/ledger.service';
import type { Payment } from '../ledger/records/payment.entity';
import { PaymentsService } from '../ledger/payments.service';
import type { Fact } from '../providers/port/payment.provider';
import { ProviderRefused } from '../providers/port/providers.errors';
import { ProvidersService } from '../providers/providers.service';
import type { Refund } from '../ledger/records/refund.entity';
import { RefundsRepository } from './refunds.repository';
import { RefundsService } from './refunds.service';

/** Takes refunds to the provider. */
@Injectable()
@Formerly('RefundsCourier')
export class RefundsProcessor {
  constructor(
    private readonly db: Database,
    private readonly refunds: RefundsRepository,
    private readonly queue: RefundsService,
    private readonly payments: PaymentsService,
    private readonly providers: ProvidersService,
    private readonly ledger: LedgerService,
  ) {}

  /** May run twice: the provider knows a refund by its id, and by what went back before it. */
  @On('refund.sent')
  async carry({ organizationId, refundId }: { organizationId: string; refundId: string }): Promise<void> {
    const refund = await this.refunds.get(organizationId, refundId);
    if (refund.status !== 'pending' || refund.reference !== null) return; // they have it
    const payment = await this.payments.get(organizationId, refund.paymentId);

    const facts = await this.ask(payment, refund).catch((error: unknown) => {
      if (error instanceof ProviderRefused) return null;
      throw error;
    });
    await (facts ? this.settle(payment, refund, facts) : this.giveUp(refund));
  }

  private async ask(payment: Payment, { id: refundId, amount, refundedBefore, reason }: Refund): Promise<Fact[]> {
    return this.providers.get(payment.provider).refund({
      refundId,
      payment: { ...(await this.payments.handleOf(payment)), reference: payment.reference! },
      paid: { amount: payment.amount, currency: payment.currency },
      refundedBefore: refundedBefore ?? 0,
      amount,
      reason: reason ?? undefined,
    });
  }

  /** A provider that names its refunds says how this one stands; of another's sums, it is one that went. */
  private settle({ provider, reference, currency }: Payment, refund: Refund, facts: Fact[]): Promise<void> {
    const { organizationId, id, paymentId } = refund;
    const refunded = { amount: (refund.refundedBefore ?? 0) + refund.amount, currency };
    const isNamed = facts.some((fact) => fact.kind === 'refund-state' && fact.refundId === id);
    const sum: Fact[] = isNamed ? [] : [{ kind: 'refund', paymentId, reference: reference!, refunded }];
    return this.db.transaction(async () => {
      await this.ledger.apply(provider, [...facts, ...sum]);
      const payment = await this.payments.locked(organizationId, paymentId);
      if (!isNamed) await this.refunds.change(organizationId, { id, status: 'pending' }, { status: 'succeeded' });
      await this.queue.sendNext(payment);
    });
  }

  /** What was set aside is free again. */
  private giveUp({ organizationId, id, paymentId, amount }: Refund): Promise<void> {
    return this.db.transaction(async () => {
      const payment = await this.payments.locked(organizationId, paymentId);
      await this.refunds.change(organizationId, { id, status: 'pending' }, { status: 'failed' });
      await this.ledger.reportFailedRefund(payment, amount);
      await this.queue.sendNext(payment);
    });
  }
}
