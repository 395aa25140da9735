import { Module } from '@nestjs/common';
import { UsersModule } from '../../users/users.module';
import { LinksMail } from './links.mail';
import { LinksService } from './links.service';
import { ProofService } from './email-verification.service';

@Module({
  imports: [UsersModule],
  providers: [LinksService, LinksMail, ProofService],
  exports: [LinksService, ProofService],
})
export class LinksModule {}
