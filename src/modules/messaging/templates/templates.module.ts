import { Global, Module } from '@nestjs/common';
import { Wordings } from '../../../mail/system-mailer';
import { UsersModule } from '../../users/users.module';
import { TemplatesController } from './templates.controller';
import { TemplatesRepository } from './templates.repository';
import { TemplatesService } from './templates.service';
import { WordingsService } from './template-contents.service';

/** Global, so that the mailer, on a floor below, finds its Wordings. */
@Global()
@Module({
  imports: [UsersModule],
  controllers: [TemplatesController],
  providers: [
    TemplatesService,
    TemplatesRepository,
    WordingsService,
    { provide: Wordings, useExisting: WordingsService },
  ],
  exports: [TemplatesService, WordingsService, Wordings],
})
export class TemplatesModule {}
