import { Module } from '@nestjs/common';
import { RolesModule } from '../roles/roles.module';
import { UsersModule } from '../users/users.module';
import { DeletionProcessor } from './deletion.processor';
import { MembersController } from './members.controller';
import { MembersService } from './members.service';
import { MembershipsRepository } from './memberships.repository';
import { OrganizationsController } from './organizations.controller';
import { OrganizationsRepository } from './organizations.repository';
import { OrganizationsService } from './organizations.service';

@Module({
  imports: [RolesModule, UsersModule],
  controllers: [OrganizationsController, MembersController],
  providers: [OrganizationsService, OrganizationsRepository, DeletionProcessor, MembersService, MembershipsRepository],
  exports: [OrganizationsService, MembersService],
})
export class OrganizationsModule {}
