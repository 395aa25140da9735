import { Module } from '@nestjs/common';
import { AttentionModule } from '../attention/attention.module';
import { OrganizationsModule } from '../../organizations/organizations.module';
import { PlansModule } from '../plans/plans.module';
import { ProvidersModule } from '../providers/providers.module';
import { LifecycleService } from './lifecycle.service';
import { PricesService } from './prices.service';
import { SettleService } from './settle.service';
import { SilenceService } from './silence.service';
import { SubscriptionsController } from './subscriptions.controller';
import { SubscriptionsJob } from './subscriptions.job';
import { SubscriptionsRepository } from './subscriptions.repository';
import { SubscriptionsService } from './subscriptions.service';
import { TermsService } from './terms.service';

@Module({
  imports: [OrganizationsModule, PlansModule, ProvidersModule, AttentionModule],
  controllers: [SubscriptionsController],
  providers: [
    SubscriptionsService,
    SubscriptionsRepository,
    SettleService,
    PricesService,
    TermsService,
    LifecycleService,
    SubscriptionsJob,
    SilenceService,
  ],
  exports: [TermsService, LifecycleService, SilenceService],
})
export class SubscriptionsModule {}
