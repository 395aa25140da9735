import { Module } from '@nestjs/common';
import { OrganizationsModule } from '../organizations/organizations.module';
import { RolesModule } from '../roles/roles.module';
import { UsersModule } from '../users/users.module';
import { CallingService } from './calling.service';
import { ConfirmationService } from './public/confirmation.service';
import { PublicWaitlistController } from './public/public-waitlist.controller';
import { WaitlistRequestsService } from './public/waitlist-requests.service';
import { WaitlistController } from './waitlist.controller';
import { WaitlistJob } from './waitlist.job';
import { WaitlistMail } from './waitlist.mail';
import { WaitlistRepository } from './waitlist.repository';
import { WaitlistService } from './waitlist.service';

@Module({
  imports: [UsersModule, RolesModule, OrganizationsModule],
  controllers: [WaitlistController, PublicWaitlistController],
  providers: [
    WaitlistService,
    CallingService,
    WaitlistRequestsService,
    ConfirmationService,
    WaitlistRepository,
    WaitlistMail,
    WaitlistJob,
  ],
})
export class WaitlistModule {}
