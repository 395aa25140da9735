import { Module } from '@nestjs/common';
import { AttentionModule } from '../attention/attention.module';
import { PaymentsModule } from '../ledger/payments.module';
import { ProvidersModule } from '../providers/providers.module';
import { InboxService } from './inbox.service';
import { WebhooksController } from './webhooks.controller';
import { WebhooksService } from './webhooks.service';

@Module({
  imports: [AttentionModule, ProvidersModule, PaymentsModule],
  controllers: [WebhooksController],
  providers: [WebhooksService, InboxService],
})
export class WebhooksModule {}
