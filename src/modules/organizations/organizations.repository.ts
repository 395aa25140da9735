import { Injectable } from '@nestjs/common';
import { isGranted } from '../../access/held-roles';
import { clock } from '../../kit/clock';
import { Database, sqlTime } from '../../database/database';
import { Rows } from '../../database/rows';
import type { PageQuery } from '../../http/contract/page';
import { mapPage, type Page, toPage } from '../../database/page';
import { Organization } from './records/organization.entity';
import { outline } from './organizations.api';

/** An organization of a person, who may read it or know of it alone. */
const MINE_SHOWN = { mayRead: isGranted('m', 'organization:read') };
type Mine = Organization & { mayRead: number };

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

  /** A page of the organizations in which a person is an active member; in outline where no role of theirs lets them read it. */
  async ofPerson(userId: string, { cursor, limit }: PageQuery): Promise<Page<Organization>> {
    const parameters = [sqlTime(clock.now()), userId, ...(cursor ? [cursor] : []), String(limit + 1)];
    const rows = await this.query(cursor ? MINE_BEFORE : MINE, parameters, MINE_SHOWN as never);
    return mapPage(toPage(rows as Mine[], limit), (one) => (one.mayRead ? one : outline(one)));
  }
}
