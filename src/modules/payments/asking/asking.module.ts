import { Module } from '@nestjs/common';
import { AttentionModule } from '../attention/attention.module';
import { PaymentsModule } from '../ledger/payments.module';
import { ProvidersModule } from '../providers/providers.module';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module';
import { AskingJob } from './asking.job';
import { AskingService } from './asking.service';
import { Pacer } from './pacer';

@Module({
  imports: [AttentionModule, ProvidersModule, PaymentsModule, SubscriptionsModule],
  providers: [AskingService, AskingJob, Pacer],
})
export class AskingModule {}
