import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../database/database';
import type { Versions } from '../../database/row';
import { Rows } from '../../database/rows';
import { NotFound, PreconditionFailed } from '../../kit/problem';
import { ActivityService } from '../activity/activity.service';
import { User } from './user.entity';
import { UserDocument } from './user-data.entity';
import { TooManyDocuments } from './users.errors';
import { UsersService } from './users.service';

const MAX_DOCUMENTS = 100;

/** The documents that a person keeps with us. */
@Injectable()
export class UserDataService implements OnModuleInit {
  private readonly documents: Rows<UserDocument>;

  constructor(
    private readonly db: Database,
    private readonly activity: ActivityService,
    private readonly people: UsersService,
  ) {
    this.documents = new Rows(db, UserDocument);
  }

  onModuleInit(): void {
    this.people.onExport('documents', ({ id }) => this.list(id));
  }

  list(userId: string): Promise<UserDocument[]> {
    return this.documents.list({ userId });
  }

  get(userId: string, key: string): Promise<UserDocument> {
    return this.documents.get({ userId, key });
  }

  /** Makes or replaces a document. */
  put(userId: string, key: string, value: unknown, version?: Versions): Promise<UserDocument> {
    return this.db.transaction(async () => {
      await this.db.lock(User, { id: userId }); // the limit is counted by one at a time
      const known = await this.documents.find({ userId, key });
      if (!known && version !== undefined) throw new PreconditionFailed();
      if (!known && (await this.documents.repository.countBy({ userId })) >= MAX_DOCUMENTS)
        throw new TooManyDocuments();

      const document = { value };
      if (known) await this.documents.update({ userId, key }, { document }, version);
      else await this.documents.add({ userId, key, document });
      await this.activity.record('user.data-written', { type: 'user', id: userId });
      return this.get(userId, key);
    });
  }

  delete(userId: string, key: string): Promise<void> {
    return this.db.transaction(async () => {
      if ((await this.documents.remove({ userId, key })) === 0) throw new NotFound();
      await this.activity.record('user.data-deleted', { type: 'user', id: userId });
    });
  }
}
