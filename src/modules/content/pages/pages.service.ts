import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database';
import { Outbox } from '../../../outbox/outbox';
import { ActivityService } from '../../activity/activity.service';
import { ArticlesService } from '../articles/articles.service';
import { OrganizationsService } from '../../organizations/organizations.service';
import { ContentPage } from './content-page.entity';

@Injectable()
export class PagesService extends ArticlesService<ContentPage> {
  constructor(db: Database, organizations: OrganizationsService, activity: ActivityService, outbox: Outbox) {
    super(
      { entity: ContentPage, noun: 'page', publish: 'content:publish', listed: [] },
      { db, organizations, activity, outbox },
    );
  }
}
