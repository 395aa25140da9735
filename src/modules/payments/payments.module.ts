import { Module } from '@nestjs/common';
import { OrganizationsModule } from '../organizations/organizations.module';
import { ProvidersModule } from '../providers/providers.module';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { UsersModule } from '../users/users.module';
import { LedgerService } from './ledger.service';
import { PaymentsController } from './payments.controller';
import { PaymentsMail } from './payments.mail';
import { PaymentsRepository } from './payments.repository';
import { PaymentsService } from './payments.service';

@Module({
  imports: [UsersModule, OrganizationsModule, ProvidersModule, SubscriptionsModule],
  controllers: [PaymentsController],
  providers: [PaymentsService, PaymentsRepository, LedgerService, PaymentsMail],
  exports: [PaymentsService, LedgerService],
})
export class PaymentsModule {}
