import { Module } from '@nestjs/common';
import { LinksModule } from '../links/links.module';
import { OrganizationsModule } from '../organizations/organizations.module';
import { PasswordsModule } from '../passwords/passwords.module';
import { UsersModule } from '../users/users.module';
import { AuthController } from './auth.controller';
import { AuthMail } from './auth.mail';
import { InvitedAccountService } from './invited-account.service';
import { LinkLoginController } from './link-login.controller';
import { LinkLoginService } from './link-login.service';
import { LoginService } from './login.service';
import { MailboxProofService } from './mailbox-proof.service';
import { SignUpService } from './signup.service';
import { VerifiedSignUpService } from './verified-signup.service';
import { WelcomeService } from './welcome.service';

@Module({
  imports: [UsersModule, OrganizationsModule, PasswordsModule, LinksModule],
  controllers: [AuthController, LinkLoginController],
  providers: [
    SignUpService,
    VerifiedSignUpService,
    LoginService,
    LinkLoginService,
    MailboxProofService,
    InvitedAccountService,
    WelcomeService,
    AuthMail,
  ],
  exports: [InvitedAccountService, WelcomeService],
})
export class AuthModule {}
