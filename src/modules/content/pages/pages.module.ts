import { Module } from '@nestjs/common';
import { OrganizationsModule } from '../../organizations/organizations.module';
import { PagesController } from './pages.controller';
import { PagesService } from './pages.service';
import { PublicPagesController } from './public-pages.controller';

@Module({
  imports: [OrganizationsModule],
  controllers: [PagesController, PublicPagesController],
  providers: [PagesService],
})
export class PagesModule {}
