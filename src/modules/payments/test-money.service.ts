import { Injectable } from '@nestjs/common';
import { AttentionService } from '../attention/attention.service';
import type { PaymentFact } from '../providers/payment.provider';
import { ProvidersService } from '../providers/providers.service';
import type { Payment } from './payment.entity';

/** Money that is none. */
@Injectable()
export class TestMoneyService {
  constructor(
    private readonly attention: AttentionService,
    private readonly providers: ProvidersService,
  ) {}

  /** Whether it is a test key's, where that buys nothing; then a person sees it. Part of a transaction. */
  async isTest(payment: Payment, { reference, bill }: PaymentFact): Promise<boolean> {
    if (payment.live || !this.providers.refusesTests) return false;
    const { id: paymentId, organizationId, provider } = payment;
    const about = {
      kind: 'test-money' as const,
      provider,
      about: `${paymentId}:${reference}`,
      organizationId,
      paymentId,
    };
    const money = { amount: bill.paid, currency: bill.currency };
    await this.attention.raise({ ...about, ...money, details: { reference, bill } });
    return true;
  }
}
