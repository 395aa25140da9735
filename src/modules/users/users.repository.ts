import { Injectable } from '@nestjs/common';
import { In, IsNull, Not } from 'typeorm';
import type { StaffRole } from '../../access/permissions';
import { beginsWith } from '../../database/begins-with';
import { normalizeAddress } from '../../kit/text/email-address';
import { Database } from '../../database/database';
import { Rows } from '../../database/rows';
import type { Page } from '../../database/page';
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
      { ...where, email: beginsWith(normalizeAddress(q)) },
      { ...where, name: beginsWith(q) },
    ]);
  }

  /** Active people with one of these staff roles, or one of these addresses, which are an admin's. */
  staff(platformRoles: StaffRole[], admins: string[]): Promise<User[]> {
    const known = { status: 'active', emailVerifiedAt: Not(IsNull()) } as const;
    const named = platformRoles.includes('admin') ? [{ ...known, email: In(admins), platformRole: IsNull() }] : [];
    return this.repository.find({
      where: [{ ...known, platformRole: In(platformRoles) }, ...named],
      order: { id: 'ASC' },
    });
  }

  /** Ends an epoch; the row stays locked until the transaction ends. */
  async advanceEpoch(id: string): Promise<void> {
    await this.db.execute('UPDATE users SET auth_epoch = auth_epoch + 1 WHERE id = ?', [id]);
  }
}
