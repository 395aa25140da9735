import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../../config/config';
import { smtpTransport } from '../../mail/smtp.mailer';
import { ClockJob } from './clock.job';
import { HomeController } from './pages/home.controller';
import { HealthController } from './health/health.controller';
import { LinksModule } from '../auth/links/links.module';
import { HousekeepingJob } from './housekeeping.job';
import { LinksController } from './pages/links.controller';
import { MailboxController } from './pages/mailbox.controller';
import { ReadinessService } from './health/readiness.service';

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
