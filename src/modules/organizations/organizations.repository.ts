import { Injectable } from '@nestjs/common';
import { Database } from '../../kit/db/database';
import { Rows } from '../../kit/db/rows';
import { type Page, type PageQuery, toPage } from '../../kit/http/page';
import { Membership } from './membership.entity';
import { Organization } from './organization.entity';

@Injectable()
export class OrganizationsRepository extends Rows<Organization> {
  constructor(db: Database) {
    super(db, Organization);
  }

  /** A page of the organizations in which a person is an active member. */
  async ofPerson(userId: string, { cursor, limit }: PageQuery): Promise<Page<Organization>> {
    const mine = this.repository
      .createQueryBuilder('o')
      .innerJoin(Membership, 'm', "m.organizationId = o.id AND m.userId = :userId AND m.status = 'active'", { userId })
      .orderBy('o.id', 'DESC')
      .limit(limit + 1);
    if (cursor) mine.andWhere('o.id < :cursor', { cursor });
    return toPage(await mine.getMany(), limit);
  }
}
