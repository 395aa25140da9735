import { Module } from '@nestjs/common';
import { OrganizationsModule } from '../../organizations/organizations.module';
import { UsersModule } from '../../users/users.module';
import { NotificationsController } from './notifications.controller';
import { NotificationsMail } from './notifications.mail';
import { NotificationsListener } from './notifications.listener';
import { NotificationsRepository } from './notifications.repository';
import { NotificationsService } from './notifications.service';
import { NotifierService } from './notifier.service';
import { StreamsService } from './streams.service';

@Module({
  imports: [UsersModule, OrganizationsModule],
  controllers: [NotificationsController],
  providers: [
    NotificationsService,
    NotificationsRepository,
    NotifierService,
    StreamsService,
    NotificationsListener,
    NotificationsMail,
  ],
})
export class NotificationsModule {}
