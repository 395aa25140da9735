import { Global, Module } from '@nestjs/common';
import { ActivityController } from './activity.controller';
import { ActivityJob } from './activity.job';
import { ActivityService } from './activity.service';

/** Global: everything that changes something leaves a line. */
@Global()
@Module({ controllers: [ActivityController], providers: [ActivityService, ActivityJob], exports: [ActivityService] })
export class ActivityModule {}
