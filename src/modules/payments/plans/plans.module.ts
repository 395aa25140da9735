import { Module } from '@nestjs/common';
import { OrganizationsModule } from '../../organizations/organizations.module';
import { ProvidersModule } from '../providers/providers.module';
import { DefaultPlanService } from './default-plan.service';
import { PlansController } from './plans.controller';
import { PlansService } from './plans.service';

@Module({
  imports: [OrganizationsModule, ProvidersModule],
  controllers: [PlansController],
  providers: [PlansService, DefaultPlanService],
  exports: [PlansService],
})
export class PlansModule {}
