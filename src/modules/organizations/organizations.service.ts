import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Caller } from '../../access/caller';
import { clock } from '../../kit/clock';
import { Database, isDuplicate } from '../../database/database';
import type { Versions } from '../../database/row';
import { NotFound } from '../../kit/problem';
import type { Page } from '../../database/page';
import { Outbox } from '../../outbox/outbox';
import { ActivityService } from '../activity/activity.service';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import { MembersService, type OwnMembership } from './members.service';
import { Organization, THERE } from './records/organization.entity';
import type { NewOrganization, OrganizationChanges, OrganizationQuery } from './organizations.api';
import { SlugTaken } from './organizations.errors';
import { OrganizationsRepository } from './organizations.repository';
import { slugLike, slugOf } from './slug';

/** What is known of a person when the account is made. */
export type Account = { email: string; name: string; passwordHash: string | null; emailVerifiedAt?: Date };
type OnDelete = (organizationId: string) => Promise<void>;
type OnPlan = { code: string; limits: object };
type Founding = Pick<NewOrganization, 'name' | 'slug' | 'settings'> & { personal?: boolean };

@Injectable()
export class OrganizationsService implements OnModuleInit {
  private readonly deletions: OnDelete[] = [];
  private firstPlan: () => Promise<OnPlan | null> = () => Promise.resolve(null);

  constructor(
    private readonly db: Database,
    private readonly organizations: OrganizationsRepository,
    private readonly members: MembersService,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
    private readonly users: UsersService,
  ) {}

  onModuleInit(): void {
    this.users.onDelete(({ id }) => this.beforeOwnerLeaves(id));
    this.users.onExport('memberships', async ({ id }) => (await this.members.membershipsOf(id)).map(showMembership));
  }

  list(caller: Caller, { all, ...query }: OrganizationQuery): Promise<Page<Organization>> {
    if (all !== 'true') return this.organizations.ofPerson(caller.userId, query);
    caller.requireStaff('organizations:read');
    return this.organizations.page(query, THERE);
  }

  /** @throws NotFound, also from the moment of its deletion on */
  get(id: string): Promise<Organization> {
    return this.organizations.get({ id, ...THERE });
  }

  /** The active organization that has this slug. @throws NotFound */
  active(slug: string): Promise<Organization> {
    return this.organizations.get({ slug, status: 'active' });
  }

  /** Founds an organization: itself, its first roles and its Owner, in one transaction. @throws SlugTaken */
  found(ownerId: string, { name, slug, settings = {}, personal = false }: Founding): Promise<Organization> {
    return this.db.transaction(async () => {
      const first = await this.firstPlan();
      const on = { plan: first?.code ?? null, limits: first?.limits ?? null };
      const values = { name, settings, personal, status: 'active' as const, ...on };
      const organization = await this.withFreeSlug(slugOf(name), slug, (free) =>
        this.organizations.add({ ...values, slug: free }),
      );
      await this.members.addFounder(organization.id, ownerId);
      await this.activity.record(
        'organization.created',
        { type: 'organization', id: organization.id },
        { organizationId: organization.id, actorId: ownerId },
      );
      return organization;
    });
  }

  /** Makes an account and its first organization, in one transaction: of the name given, or else a personal one. @throws EmailTaken */
  createAccount(account: Account, organizationName?: string): Promise<{ user: User; organization: Organization }> {
    return this.db.transaction(async () => {
      const user = await this.users.add(account);
      await this.activity.record('user.signed-up', { type: 'user', id: user.id }, { actorId: user.id });
      const organization = await this.found(user.id, {
        name: organizationName ?? account.name,
        personal: organizationName === undefined,
      });
      return { user, organization };
    });
  }

  update(caller: Caller, id: string, changes: OrganizationChanges, version?: Versions): Promise<Organization> {
    return this.db.transaction(async () => {
      if (changes.status !== undefined) caller.requireStaff('organizations:write');

      const { status } = await this.get(id);
      await this.organizations.update({ id }, changes, version).catch(slugTaken);
      const action = changes.status === 'suspended' ? 'organization.suspended' : 'organization.updated';
      await this.activity.record(action, { type: 'organization', id }, { organizationId: id });
      if (changes.status === 'suspended' && status !== 'suspended')
        await this.outbox.add('organization.suspended', { organizationId: id });
      return this.get(id);
    });
  }

  /** Has what `plan` finds be what a new organization begins on; null is none. */
  onFounding(plan: () => Promise<OnPlan | null>): void {
    this.firstPlan = plan;
  }

  /** Makes whatever changes an organization's plan or members queue up. */
  lock(id: string): Promise<void> {
    return this.db.lock(Organization, { id });
  }

  /** Runs `work` in a transaction, one at a time in each organization: what it leans on does not change meanwhile. */
  inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    return this.db.transaction(async () => {
      await this.lock(id);
      return work();
    });
  }

  /** Deletes an organization: it is not there any more, its slug is free, and all that it holds goes in batches. @throws NotFound */
  delete(id: string): Promise<void> {
    return this.db.transaction(async () => {
      await this.members.empty(id);
      for (const run of this.deletions) await run(id);
      const gone = { deletedAt: clock.now(), slug: `~${id}`, settings: {} }; // no name of a path begins so
      if ((await this.organizations.change({ id, ...THERE }, gone)) === 0) throw new NotFound();
      await this.outbox.add('organization.deleting', { organizationId: id });
      await this.activity.record('organization.deleted', { type: 'organization', id }, { organizationId: id });
    });
  }

  /** Registers what runs in the transaction that deletes an organization, while all that it holds is there. */
  onDelete(run: OnDelete): void {
    this.deletions.push(run);
  }

  /** A person who leaves takes along the organizations that nobody else belongs to. @throws LastOwner */
  private async beforeOwnerLeaves(userId: string): Promise<void> {
    for (const organizationId of await this.members.leaveAll(userId)) await this.delete(organizationId);
  }

  /** A slug that was asked for is taken or not; one that we made gets a tail until it is free. */
  private async withFreeSlug<T>(
    made: string,
    asked: string | undefined,
    write: (slug: string) => Promise<T>,
  ): Promise<T> {
    if (asked) return write(asked).catch(slugTaken);
    const isTaken = await this.organizations.find({ slug: made });
    return write(isTaken ? slugLike(made) : made).catch((error: unknown) =>
      isDuplicate(error) ? write(slugLike(made)) : Promise.reject(error as Error),
    );
  }
}

const slugTaken = (error: unknown): never => {
  throw isDuplicate(error) ? new SlugTaken() : error;
};

/** Of the organization its name alone: the rest is not about the person. */
const showMembership = ({
  membership: { organization, role, status, settings, createdAt },
  permissions,
}: OwnMembership) => ({
  organization: { id: organization.id, name: organization.name },
  role: role.name,
  permissions,
  status,
  settings,
  joinedAt: createdAt,
});
