import { Module } from '@nestjs/common';
import { PaymentsModule } from '../payments/payments.module';
import { ProvidersModule } from '../providers/providers.module';
import { WebhooksController } from './webhooks.controller';
import { WebhooksService } from './webhooks.service';

@Module({ imports: [ProvidersModule, PaymentsModule], controllers: [WebhooksController], providers: [WebhooksService] })
export class WebhooksModule {}
