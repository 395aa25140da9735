import { Global, Module } from '@nestjs/common';
import { DeliveryLog } from '../../../mail/system-mailer';
import { OrganizationsModule } from '../../organizations/organizations.module';
import { SuppressionsModule } from '../suppressions/suppressions.module';
import { UsersModule } from '../../users/users.module';
import { CompositionService } from './composition.service';
import { DeliveryLogService } from './delivery-log.service';
import { MessagesController } from './messages.controller';
import { MessagesJob } from './messages.job';
import { MessagesMail } from './messages.mail';
import { MessagesRepository } from './messages.repository';
import { MessagesService } from './messages.service';
import { SendingService } from './sending.service';

/** Global, so that the mailer, on a floor below, finds its DeliveryLog. */
@Global()
@Module({
  imports: [UsersModule, OrganizationsModule, SuppressionsModule],
  controllers: [MessagesController],
  providers: [
    MessagesService,
    SendingService,
    CompositionService,
    MessagesRepository,
    MessagesMail,
    MessagesJob,
    DeliveryLogService,
    { provide: DeliveryLog, useExisting: DeliveryLogService },
  ],
  exports: [DeliveryLog],
})
export class MessagesModule {}
