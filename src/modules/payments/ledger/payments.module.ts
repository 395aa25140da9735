import { Module } from '@nestjs/common';
import { AttentionModule } from '../attention/attention.module';
import { OrganizationsModule } from '../../organizations/organizations.module';
import { ProvidersModule } from '../providers/providers.module';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { UsersModule } from '../../users/users.module';
import { AcceptanceService } from './acceptance.service';
import { ChargesService } from './charges.service';
import { LedgerService } from './ledger.service';
import { PaymentsController } from './payments.controller';
import { PaymentsMail } from './payments.mail';
import { PaymentNewsService } from './records/payment-news.service';
import { PaymentsRepository } from './records/payments.repository';
import { PaymentsService } from './payments.service';
import { RefundStatesRepository } from './records/refund-states.repository';
import { RefundStatesService } from './records/refund-states.service';
import { RenewalsService } from './renewals.service';
import { ReversalsService } from './reversals.service';
import { StandingService } from './standing.service';
import { StatementsService } from './statements.service';

@Module({
  imports: [AttentionModule, UsersModule, OrganizationsModule, ProvidersModule, SubscriptionsModule],
  controllers: [PaymentsController],
  providers: [
    PaymentsService,
    PaymentsRepository,
    PaymentNewsService,
    LedgerService,
    ChargesService,
    RenewalsService,
    ReversalsService,
    RefundStatesService,
    RefundStatesRepository,
    StandingService,
    StatementsService,
    AcceptanceService,
    PaymentsMail,
  ],
  exports: [PaymentsService, LedgerService],
})
export class PaymentsModule {}
