import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../../kit/config';
import { smtpTransport } from '../../kit/mail/smtp.mailer';
import { ClockJob } from './clock.job';
import { HomeController } from './home.controller';
import { HealthController } from './health.controller';
import { LinksModule } from '../links/links.module';
import { HousekeepingJob } from './housekeeping.job';
import { LinksController } from './links.controller';
import { MailboxController } from './mailbox.controller';
import { ReadinessService } from './readiness.service';

/** What an installation shows of itself: health, metrics, the pages behind mailed links, the development mailbox. */
@Module({})
export class SystemModule {
  static of(config: Config): DynamicModule {
    const mailbox = smtpTransport(config) ? [] : [MailboxController];
    return {
      module: SystemModule,
      controllers: [HomeController, HealthController, LinksController, ...mailbox],
      imports: [LinksModule],
      providers: [ReadinessService, HousekeepingJob, ClockJob],
    };
  }
}
