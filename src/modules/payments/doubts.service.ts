import { Injectable } from '@nestjs/common';
import { AttentionService } from '../attention/attention.service';
import type { Bill, LikelyFact, PaymentFact } from '../providers/payment.provider';
import { ProvidersService } from '../providers/providers.service';
import type { Payment } from './payment.entity';
import { PaymentsRepository } from './payments.repository';

type Money = { reference: string | null; bill: Bill };

/** Money that does not count by itself: it goes on the list of what a person decides. */
@Injectable()
export class DoubtsService {
  constructor(
    private readonly payments: PaymentsRepository,
    private readonly attention: AttentionService,
    private readonly providers: ProvidersService,
  ) {}

  /** Whether it is a test key's, where that buys nothing. */
  async isTest(payment: Payment, fact: PaymentFact): Promise<boolean> {
    if (payment.live || !this.providers.refusesTests) return false;
    await this.raise('test-money', payment, fact);
    return true;
  }

  /** Something that was paid over there looks like this payment, which waits still. */
  async suspect(payment: Payment, fact: LikelyFact): Promise<void> {
    if (payment.isPaid || (await this.payments.named(payment.provider, { reference: fact.reference }))) return;
    await this.raise('likely-paid', payment, fact);
  }

  private raise(
    kind: 'test-money' | 'likely-paid',
    { id: paymentId, organizationId, provider }: Payment,
    { reference, bill }: Money,
  ): Promise<void> {
    const about = `${paymentId}:${reference}`; // several orders may look alike: a person says which it is
    const money = { amount: bill.paid, currency: bill.currency };
    const details = { reference, bill };
    return this.attention.raise({ kind, provider, about, organizationId, paymentId, ...money, details });
  }
}
