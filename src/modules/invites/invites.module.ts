import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { OrganizationsModule } from '../organizations/organizations.module';
import { RolesModule } from '../roles/roles.module';
import { UsersModule } from '../users/users.module';
import { InviteEndings } from './invite-endings.service';
import { InviteLinks } from './invitee/invite-links.service';
import { InviteRequests } from './invites.processor';
import { InviteSender } from './invite-sender.service';
import { InviteStanding } from './invite-standing.service';
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
    InviteLinks,
    InviteStanding,
    InviteEndings,
    InviteSender,
    InviteRequests,
    InvitesRepository,
    InvitesMail,
    InvitesJob,
  ],
})
export class InvitesModule {}
