import { Module } from '@nestjs/common';
import { UsersModule } from '../../users/users.module';
import { OneClickController } from './one-click.controller';
import { SuppressionsController } from './suppressions.controller';
import { SuppressionsRepository } from './suppressions.repository';
import { SuppressionsService } from './suppressions.service';

@Module({
  imports: [UsersModule],
  controllers: [SuppressionsController, OneClickController],
  providers: [SuppressionsService, SuppressionsRepository],
  exports: [SuppressionsService],
})
export class SuppressionsModule {}
