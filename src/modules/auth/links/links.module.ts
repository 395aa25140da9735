import { Module } from '@nestjs/common';
import { UsersModule } from '../../users/users.module';
import { LinksMail } from './links.mail';
import { LinksService } from './links.service';
import { EmailVerificationService } from './email-verification.service';

@Module({
  imports: [UsersModule],
  providers: [LinksService, LinksMail, EmailVerificationService],
  exports: [LinksService, EmailVerificationService],
})
export class LinksModule {}
