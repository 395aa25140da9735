import { Module } from '@nestjs/common';
import { PaymentsModule } from '../ledger/payments.module';
import { PlatformController } from './platform.controller';

@Module({ imports: [PaymentsModule], controllers: [PlatformController] })
export class PlatformModule {}
