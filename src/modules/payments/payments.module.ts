import { Module } from '@nestjs/common';
import { AttentionModule } from '../attention/attention.module';
import { OrganizationsModule } from '../organizations/organizations.module';
import { ProvidersModule } from '../providers/providers.module';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { UsersModule } from '../users/users.module';
import { DoubtsService } from './doubts.service';
import { LedgerService } from './ledger.service';
import { PaymentsController } from './payments.controller';
import { PaymentsMail } from './payments.mail';
import { PaymentsRepository } from './payments.repository';
import { PaymentsService } from './payments.service';
import { RefundStatesRepository } from './refund-states.repository';
import { RefundStatesService } from './refund-states.service';

@Module({
  imports: [AttentionModule, UsersModule, OrganizationsModule, ProvidersModule, SubscriptionsModule],
  controllers: [PaymentsController],
  providers: [
    PaymentsService,
    PaymentsRepository,
    LedgerService,
    DoubtsService,
    RefundStatesService,
    RefundStatesRepository,
    PaymentsMail,
  ],
  exports: [PaymentsService, LedgerService],
})
export class PaymentsModule {}
