import { Module } from '@nestjs/common';
import { LinksModule } from '../links/links.module';
import { UsersModule } from '../../users/users.module';
import { CredentialsService } from './credentials.service';
import { MailCodesMail } from './mail-codes.mail';
import { MailCodesService } from './mail-codes.service';
import { PasswordChangeService } from './password-change.service';
import { PasswordResetService } from './password-reset.service';
import { PersonProofService } from './person-proof.service';
import { PasswordsController } from './passwords.controller';
import { PasswordsService } from './passwords.service';

@Module({
  imports: [UsersModule, LinksModule],
  controllers: [PasswordsController],
  providers: [
    PasswordsService,
    CredentialsService,
    PasswordChangeService,
    PasswordResetService,
    PersonProofService,
    MailCodesService,
    MailCodesMail,
  ],
  exports: [PasswordsService, CredentialsService, PersonProofService],
})
export class PasswordsModule {}
