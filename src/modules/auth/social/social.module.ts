import { Module } from '@nestjs/common';
import { LoginTickets } from './providers/login-tickets';
import { Providers } from './providers/providers';
import { AuthModule } from '../auth.module';
import { OrganizationsModule } from '../../organizations/organizations.module';
import { PasswordsModule } from '../passwords/passwords.module';
import { UsersModule } from '../../users/users.module';
import { SocialAccountsController } from './social-accounts.controller';
import { SocialAccountsService } from './social-accounts.service';
import { SocialLoginController } from './social-login.controller';
import { SocialLoginService } from './social-login.service';
import { SocialProofService } from './social-proof.service';
import { SocialPrivacy } from './social.privacy';
import { SocialMail } from './social.mail';

@Module({
  imports: [UsersModule, OrganizationsModule, PasswordsModule, AuthModule],
  controllers: [SocialLoginController, SocialAccountsController],
  providers: [
    Providers,
    LoginTickets,
    SocialProofService,
    SocialLoginService,
    SocialAccountsService,
    SocialPrivacy,
    SocialMail,
  ],
})
export class SocialModule {}
