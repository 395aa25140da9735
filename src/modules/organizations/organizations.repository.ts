import { Injectable } from '@nestjs/common';
import { Database } from '../../kit/db/database';
import { Rows } from '../../kit/db/rows';
import { type Page, type PageQuery, toPage } from '../../kit/http/page';
import { Organization } from './organization.entity';

/** In the order of the membership's key: by its own, the optimizer would rather walk every organization there is. */
const mine = (bound: string) =>
  `JOIN user_org m ON m.organization_id = t.id AND m.user_id = ? AND m.status = 'active' ${bound} ORDER BY m.organization_id DESC LIMIT ?`;
const MINE = mine('');
const MINE_BEFORE = mine('WHERE m.organization_id < ?');

@Injectable()
export class OrganizationsRepository extends Rows<Organization> {
  constructor(db: Database) {
    super(db, Organization);
  }

  /** A page of the organizations in which a person is an active member. */
  async ofPerson(userId: string, { cursor, limit }: PageQuery): Promise<Page<Organization>> {
    const end = cursor ? [cursor] : [];
    return toPage(await this.query(cursor ? MINE_BEFORE : MINE, [userId, ...end, String(limit + 1)]), limit);
  }
}
