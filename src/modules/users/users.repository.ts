import { Injectable } from '@nestjs/common';
import { beginsWith } from '../../kit/db/begins-with';
import { Database } from '../../kit/db/database';
import { Rows } from '../../kit/db/rows';
import type { Page } from '../../kit/http/page';
import { User } from './user.entity';
import type { UserQuery } from './users.api';

@Injectable()
export class UsersRepository extends Rows<User> {
  constructor(db: Database) {
    super(db, User);
  }

  /** A page of those whose address or name begins with `q`. */
  search({ q, status, ...query }: UserQuery): Promise<Page<User>> {
    const where = status ? { status } : {};
    if (!q) return this.page(query, where);
    return this.pageOfAny(query, [
      { ...where, email: beginsWith(q) },
      { ...where, name: beginsWith(q) },
    ]);
  }

  /** Ends an epoch; the row stays locked until the transaction ends. */
  async advanceEpoch(id: string): Promise<void> {
    await this.db.execute('UPDATE users SET auth_epoch = auth_epoch + 1 WHERE id = ?', [id]);
  }
}
