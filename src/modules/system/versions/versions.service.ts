import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, isDuplicate } from '../../../database/database';
import { Rows } from '../../../database/rows';
import type { PageQuery } from '../../../http/contract/page';
import type { Page } from '../../../database/page';
import { ActivityService } from '../../activity/activity.service';
import { currentRelease, type Release } from '../../../config/release';
import { Version } from './version.entity';
import { VersionKnown } from './versions.errors';

/** The application's history: each version once, by a unique key, however many instances start it. */
@Injectable()
export class VersionsService implements OnApplicationBootstrap {
  private readonly logger = new Logger(VersionsService.name);
  private readonly release = currentRelease();
  private readonly versions: Rows<Version>;

  constructor(
    private readonly db: Database,
    private readonly activity: ActivityService,
  ) {
    this.versions = new Rows(db, Version);
  }

  /** A history that cannot be written is no reason not to start. */
  async onApplicationBootstrap(): Promise<void> {
    await this.recordOnce().catch((error: unknown) =>
      this.logger.warn({ err: error }, 'The version was not recorded.'),
    );
  }

  list(query: PageQuery): Promise<Page<Version>> {
    return this.versions.page(query, {});
  }

  /** The one that runs. */
  current(): Promise<Version> {
    return this.versions.get({ version: this.release.version });
  }

  /** @throws VersionKnown */
  record({ version, description }: Release): Promise<Version> {
    return this.db.transaction(async () => {
      const recorded = await this.versions.add({ version, description }).catch((error: unknown) => {
        throw isDuplicate(error) ? new VersionKnown() : error;
      });
      await this.activity.record('version.recorded', { type: 'version', id: recorded.id });
      return recorded;
    });
  }

  private async recordOnce(): Promise<void> {
    if (await this.versions.find({ version: this.release.version })) return;
    await this.record(this.release).catch((error: unknown) => {
      if (!(error instanceof VersionKnown)) throw error; // another instance was faster
    });
  }
}
