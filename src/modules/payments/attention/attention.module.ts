import { Module } from '@nestjs/common';
import { UsersModule } from '../../users/users.module';
import { AttentionController } from './attention.controller';
import { AttentionDigest } from './attention.digest';
import { AttentionService } from './attention.service';
import { ResolutionsService } from './resolutions.service';

@Module({
  imports: [UsersModule],
  controllers: [AttentionController],
  providers: [AttentionService, ResolutionsService, AttentionDigest],
  exports: [AttentionService],
})
export class AttentionModule {}
