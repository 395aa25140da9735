import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { OrganizationsModule } from '../organizations/organizations.module';
import { RolesModule } from '../roles/roles.module';
import { UsersModule } from '../users/users.module';
import { InviteEndingsService } from './invite-endings.service';
import { InviteLinksService } from './invitee/invite-links.service';
import { InvitesProcessor } from './invites.processor';
import { InviteSenderService } from './invite-sender.service';
import { InviteStandingService } from './invite-standing.service';
import { InviteeController } from './invitee/invitee.controller';
import { InviteeService } from './invitee/invitee.service';
import { InvitesController } from './invites.controller';
import { InvitesJob } from './invites.job';
import { InvitesMail } from './invites.mail';
import { InvitesRepository } from './records/invites.repository';
import { InvitesService } from './invites.service';
import { InvitingService } from './inviting.service';
import { RenewalService } from './invitee/renewal.service';

@Module({
  imports: [UsersModule, RolesModule, OrganizationsModule, AuthModule],
  controllers: [InvitesController, InviteeController],
  providers: [
    InvitesService,
    InvitingService,
    InviteeService,
    RenewalService,
    InviteLinksService,
    InviteStandingService,
    InviteEndingsService,
    InviteSenderService,
    InvitesProcessor,
    InvitesRepository,
    InvitesMail,
    InvitesJob,
  ],
})
export class InvitesModule {}
