import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database';
import type { Fact, ProviderName } from '../providers/port/payment.provider';
import { missing, type Outcome, OUTCOMES } from './records/outcome';
import type { Payment } from './records/payment.entity';
import { PaymentsRepository } from './records/payments.repository';
import { RenewalsService } from './renewals.service';
import { ReversalsService } from './reversals.service';
import { StatementsService } from './statements.service';

export type { Outcome } from './records/outcome';

/** Turns what providers say into what is so. Every fact may come twice, late and in any order. */
@Injectable()
export class LedgerService {
  constructor(
    private readonly db: Database,
    private readonly payments: PaymentsRepository,
    private readonly renewals: RenewalsService,
    private readonly reversals: ReversalsService,
    private readonly statements: StatementsService,
  ) {}

  /** Applies facts, all in one transaction; tells the worst that became of one. */
  apply(provider: ProviderName, facts: Fact[]): Promise<Outcome> {
    return this.db.transaction(async () => {
      let worst = 0;
      for (const fact of facts) worst = Math.max(worst, OUTCOMES.indexOf(await this.applyOne(provider, fact)));
      return OUTCOMES[worst]!;
    });
  }

  private async applyOne(provider: ProviderName, fact: Fact): Promise<Outcome> {
    if (fact.kind === 'subscription') return this.statements.observe(provider, fact);
    const known = await this.payments.named(provider, fact);
    if (!known && fact.kind === 'payment' && fact.paymentId === undefined) return this.renewals.renew(provider, fact);
    if (!known) return missing(fact.paymentId);

    const payment = await this.payments.locked(known.organizationId, known.id);
    switch (fact.kind) {
      case 'payment':
        return this.renewals.take(payment, fact);
      case 'refund':
      case 'refund-state':
        return this.reversals.refund(payment, fact);
      case 'dispute':
        return this.reversals.dispute(payment, fact);
      case 'likely':
        return this.renewals.suspect(payment, fact);
    }
  }

  /** The provider would not give money back. Part of a transaction. */
  reportFailedRefund(payment: Payment, amount: number): Promise<void> {
    return this.reversals.reportFailed(payment, amount);
  }
}
