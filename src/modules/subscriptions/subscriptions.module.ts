import { Module } from '@nestjs/common';
import { OrganizationsModule } from '../organizations/organizations.module';
import { ProvidersModule } from '../providers/providers.module';
import { SilenceService } from './silence.service';
import { SubscriptionsController } from './subscriptions.controller';
import { SubscriptionsJob } from './subscriptions.job';
import { SubscriptionsRepository } from './subscriptions.repository';
import { SubscriptionsService } from './subscriptions.service';
import { TermsService } from './terms.service';

@Module({
  imports: [OrganizationsModule, ProvidersModule],
  controllers: [SubscriptionsController],
  providers: [SubscriptionsService, SubscriptionsRepository, TermsService, SubscriptionsJob, SilenceService],
  exports: [TermsService, SilenceService],
})
export class SubscriptionsModule {}
