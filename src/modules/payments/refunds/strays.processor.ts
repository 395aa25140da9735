import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database';
import { Formerly, On } from '../../../outbox/outbox.handlers';
import type { Attention } from '../attention/attention.entity';
import { AttentionService } from '../attention/attention.service';
import type { Payment } from '../ledger/records/payment.entity';
import { PaymentsService } from '../ledger/payments.service';
import { ProviderRefused } from '../providers/port/providers.errors';
import { ProvidersService } from '../providers/providers.service';
import { RefundTooLarge } from './refunds.errors';
import { RefundsRepository } from './refunds.repository';
import { RefundsService } from './refunds.service';

/** Sends back what a person decided should go: a payment's money as any refund, what counts for no payment as it is. */
@Injectable()
@Formerly('StraysCourier')
export class StraysProcessor {
  constructor(
    private readonly db: Database,
    private readonly attention: AttentionService,
    private readonly payments: PaymentsService,
    private readonly refunds: RefundsService,
    private readonly rows: RefundsRepository,
    private readonly providers: ProvidersService,
  ) {}

  /** May run twice: the decision's id is the refund's. */
  @On('attention.refunded')
  async carry({ attentionId }: { attentionId: string }): Promise<void> {
    const row = await this.attention.get(attentionId);
    const { organizationId, paymentId } = row;
    const payment = organizationId && paymentId ? await this.payments.get(organizationId, paymentId) : null;
    await (payment?.isPaid && payment.reference === row.reference ? this.giveBack(payment, row) : this.sendBack(row));
    const { subscription } = row.details as { subscription?: string };
    if (payment && !payment.isPaid && subscription) await this.refunds.endBegun(payment, subscription);
  }

  private giveBack({ organizationId, id: paymentId }: Payment, { id, amount, reason }: Attention): Promise<void> {
    return this.db.transaction(async () => {
      const payment = await this.payments.locked(organizationId, paymentId);
      if (await this.rows.find(organizationId, { id })) return;
      const refund = { id, amount: amount!, reason, access: 'keep', grantedBy: 'seller' } as const;
      await this.refunds.give(payment, refund).catch((error: unknown) => {
        if (!(error instanceof RefundTooLarge)) throw error; // else it went back another way meanwhile
      });
    });
  }

  /** By its reference alone: the order that it was meant for may still be paid, and that money is another. */
  private async sendBack(row: Attention): Promise<void> {
    const { id: refundId, provider, amount, currency, reason, reference } = row;
    const paid = { amount: amount!, currency: currency! };
    const order = { refundId, payment: { reference: reference! }, paid, refundedBefore: 0, amount: amount! };
    const asked = this.providers.get(provider).refund({ ...order, reason: reason ?? undefined });
    await asked.catch(async (error: unknown) => {
      if (!(error instanceof ProviderRefused)) throw error;
      await this.tellRefused(row);
    });
  }

  private tellRefused({
    id,
    provider,
    organizationId,
    paymentId,
    amount,
    currency,
    reference,
  }: Attention): Promise<void> {
    const details = { reference, reason: 'The provider refused to give it back.' };
    const about = { kind: 'refund-returned', about: id, provider, organizationId, paymentId } as const;
    return this.attention.raise({ ...about, amount, currency, details });
  }
}
