import { Module } from '@nestjs/common';
import { AttentionModule } from '../attention/attention.module';
import { PaymentsModule } from '../ledger/payments.module';
import { ProvidersModule } from '../providers/providers.module';
import { RefundsController } from './refunds.controller';
import { RefundsProcessor } from './refunds.processor';
import { RefundsRepository } from './refunds.repository';
import { RefundsService } from './refunds.service';
import { StraysProcessor } from './strays.processor';

@Module({
  imports: [AttentionModule, ProvidersModule, PaymentsModule],
  controllers: [RefundsController],
  providers: [RefundsService, RefundsRepository, RefundsProcessor, StraysProcessor],
})
export class RefundsModule {}
