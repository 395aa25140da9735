import { Global, Module } from '@nestjs/common';
import { TemplateContents } from '../../../mail/system-mailer';
import { UsersModule } from '../../users/users.module';
import { TemplatesController } from './templates.controller';
import { TemplatesRepository } from './templates.repository';
import { TemplatesService } from './templates.service';
import { TemplateContentsService } from './template-contents.service';

/** Global, so that the mailer, on a floor below, finds its Wordings. */
@Global()
@Module({
  imports: [UsersModule],
  controllers: [TemplatesController],
  providers: [
    TemplatesService,
    TemplatesRepository,
    TemplateContentsService,
    { provide: TemplateContents, useExisting: TemplateContentsService },
  ],
  exports: [TemplatesService, TemplateContentsService, TemplateContents],
})
export class TemplatesModule {}
