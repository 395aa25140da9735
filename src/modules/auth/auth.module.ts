import { Module } from '@nestjs/common';
import { LinksModule } from './links/links.module';
import { OrganizationsModule } from '../organizations/organizations.module';
import { PasswordsModule } from './passwords/passwords.module';
import { UsersModule } from '../users/users.module';
import { AuthController } from './login/auth.controller';
import { AuthMail } from './login/auth.mail';
import { InvitedAccountService } from './login/invited-account.service';
import { LinkLoginController } from './login/link-login.controller';
import { LinkLoginService } from './login/link-login.service';
import { LoginService } from './login/login.service';
import { MailboxVerificationService } from './login/mailbox-verification.service';
import { SignUpService } from './login/signup.service';
import { VerifiedSignUpService } from './login/verified-signup.service';
import { SignInService } from './login/sign-in.service';

@Module({
  imports: [UsersModule, OrganizationsModule, PasswordsModule, LinksModule],
  controllers: [AuthController, LinkLoginController],
  providers: [
    SignUpService,
    VerifiedSignUpService,
    LoginService,
    LinkLoginService,
    MailboxVerificationService,
    InvitedAccountService,
    SignInService,
    AuthMail,
  ],
  exports: [InvitedAccountService, SignInService],
})
export class AuthModule {}
