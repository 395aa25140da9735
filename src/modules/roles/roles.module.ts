import { Module } from '@nestjs/common';
import { RightsService } from './rights.service';
import { RolesController } from './roles.controller';
import { RolesRepository } from './roles.repository';
import { RolesService } from './roles.service';

@Module({
  controllers: [RolesController],
  providers: [RolesService, RolesRepository, RightsService],
  exports: [RolesService, RightsService],
})
export class RolesModule {}
