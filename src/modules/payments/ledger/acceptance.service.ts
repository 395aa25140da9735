import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Attention } from '../attention/attention.entity';
import { AttentionService } from '../attention/attention.service';
import type { Bill, PaymentFact } from '../providers/port/payment.provider';
import type { Payment } from './records/payment.entity';
import { PaymentsRepository } from './records/payments.repository';
import { RenewalsService } from './renewals.service';
import { StandingService } from './standing.service';

type Details = { reference: string; bill: Bill; subscription?: string; at?: string };

/** What follows when a person accepts money that did not count by itself. An overpaid sum counted already: it is only noted. */
@Injectable()
export class AcceptanceService implements OnModuleInit {
  constructor(
    private readonly attention: AttentionService,
    private readonly payments: PaymentsRepository,
    private readonly renewals: RenewalsService,
    private readonly standing: StandingService,
  ) {}

  onModuleInit(): void {
    const count = async (row: Attention) => this.renewals.accept(await this.lockedOf(row), factOf(row));
    this.attention.onAccept('amount-differs', count);
    this.attention.onAccept('likely-paid', count);
    this.attention.onAccept('paid-twice', async (row) => this.renewals.carryOn(await this.lockedOf(row), factOf(row)));
    this.attention.onAccept('paid-for-nothing', async (row) => this.standing.restore(await this.lockedOf(row)));
  }

  private lockedOf({ organizationId, paymentId }: Attention): Promise<Payment> {
    return this.payments.locked(organizationId!, paymentId!);
  }
}

function factOf({ details }: Attention): PaymentFact {
  const { reference, bill, subscription, at } = details as Details;
  return {
    kind: 'payment',
    status: 'succeeded',
    reference,
    bill,
    ...(subscription && { subscription }),
    ...(at && { at }),
  };
}
