import { Injectable } from '@nestjs/common';
import { showMoney } from '../../../../kit/money';
import { Outbox } from '../../../../outbox/outbox';
import type { Payment } from './payment.entity';

/** What of a payment others are told. */
@Injectable()
export class PaymentNewsService {
  constructor(private readonly outbox: Outbox) {}

  tell(topic: string, { organizationId, id, planName, ...money }: Payment, more: object = {}): Promise<void> {
    return this.outbox.add(topic, { organizationId, paymentId: id, plan: planName, amount: showMoney(money), ...more });
  }
}
