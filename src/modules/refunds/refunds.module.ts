import { Module } from '@nestjs/common';
import { OrganizationsModule } from '../organizations/organizations.module';
import { PaymentsModule } from '../payments/payments.module';
import { ProvidersModule } from '../providers/providers.module';
import { RefundsController } from './refunds.controller';
import { RefundsCourier } from './refunds.courier';
import { RefundsRepository } from './refunds.repository';
import { RefundsService } from './refunds.service';

@Module({
  imports: [OrganizationsModule, ProvidersModule, PaymentsModule],
  controllers: [RefundsController],
  providers: [RefundsService, RefundsRepository, RefundsCourier],
})
export class RefundsModule {}
