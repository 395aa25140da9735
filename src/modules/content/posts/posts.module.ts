import { Module } from '@nestjs/common';
import { OrganizationsModule } from '../../organizations/organizations.module';
import { PostsController } from './posts.controller';
import { PostsService } from './posts.service';
import { PublicPostsController } from './public-posts.controller';

@Module({
  imports: [OrganizationsModule],
  controllers: [PostsController, PublicPostsController],
  providers: [PostsService],
})
export class PostsModule {}
