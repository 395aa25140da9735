import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Caller } from '../../access/caller';
import { type StaffPermission, staffRolesWith } from '../../access/permissions';
import { clock } from '../../kit/clock';
import { CONFIG, type Config } from '../../config/config';
import { Database, isDuplicate } from '../../database/database';
import type { Versions } from '../../database/row';
import { requestContext } from '../../kit/request-context';
import type { Page } from '../../database/page';
import { Outbox } from '../../outbox/outbox';
import { ActivityService } from '../activity/activity.service';
import { User } from './user.entity';
import type { NewUser, UserChanges, UserQuery } from './users.api';
import { EmailTaken } from './users.errors';
import { UsersRepository } from './users.repository';

/** What must be done, in the same transaction, before a person is gone, or is kept out. */
type AboutUser = (user: User) => Promise<void>;
/** What a module holds about a person, as JSON, without secrets and hashes. */
type Export = (user: User) => Promise<unknown>;

@Injectable()
export class UsersService implements OnModuleInit {
  private readonly deletions: AboutUser[] = [];
  private readonly suspensions: AboutUser[] = [];
  private readonly takeovers: AboutUser[] = [];
  private readonly exports = new Map<string, Export>();

  constructor(
    private readonly db: Database,
    private readonly users: UsersRepository,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
    @Inject(CONFIG) private readonly config: Pick<Config, 'PLATFORM_ADMINS'>,
  ) {}

  onModuleInit(): void {
    this.onExport('activity', ({ id }) => this.activity.allOf(id));
  }

  list(query: UserQuery): Promise<Page<User>> {
    return this.users.search(query);
  }

  get(id: string): Promise<User> {
    return this.users.get({ id });
  }

  findByEmail(email: string): Promise<User | null> {
    return this.users.find({ email });
  }

  /** Platform staff with this permission, by their row or by PLATFORM_ADMINS, whose mailboxes are proved. */
  staffWith(permission: StaffPermission): Promise<User[]> {
    return this.users.staff(staffRolesWith(permission), this.config.PLATFORM_ADMINS);
  }

  /** Makes an account. @throws EmailTaken */
  async add(
    values: Pick<User, 'email' | 'name'> & Partial<Pick<User, 'passwordHash' | 'emailVerifiedAt'>>,
  ): Promise<User> {
    try {
      return await this.users.add({
        passwordHash: null,
        emailVerifiedAt: null,
        profile: {},
        status: 'active',
        platformRole: null,
        ...values,
      });
    } catch (error) {
      if (isDuplicate(error)) throw new EmailTaken();
      throw error;
    }
  }

  /** By platform staff: makes an account for someone else, who is mailed a link to set a password. */
  create(values: NewUser): Promise<User> {
    return this.db.transaction(async () => {
      const user = await this.add({ email: values.email, name: values.name });

      await this.activity.record('user.created', { type: 'user', id: user.id });
      await this.outbox.add('link.requested', { purpose: 'reset-password', email: user.email });
      return user;
    });
  }

  update(caller: Caller, id: string, changes: UserChanges, version?: Versions): Promise<User> {
    return this.db.transaction(async () => {
      if (changes.status !== undefined) caller.requireStaff('users:write');

      await this.users.update({ id }, changes, version);
      const user = await this.get(id);
      if (changes.status === 'suspended') for (const suspension of this.suspensions) await suspension(user);
      await this.activity.record(changes.status === 'suspended' ? 'user.suspended' : 'user.updated', {
        type: 'user',
        id,
      });
      return user;
    });
  }

  /** Changes what only the system changes: a proof, a password. */
  async amend(
    id: string,
    changes: Partial<Pick<User, 'emailVerifiedAt' | 'passwordHash' | 'name' | 'platformRole'>>,
  ): Promise<void> {
    await this.users.update({ id }, changes);
  }

  /** Puts another hash of the same password in place of this one, unless the password was changed meanwhile. */
  async rehash(id: string, passwordHash: string, fresh: string): Promise<void> {
    await this.users.change({ id, passwordHash }, { passwordHash: fresh });
  }

  /** Makes whatever was opened for a person before, or is about to be, count for nothing; part of a transaction. */
  advanceEpoch(id: string): Promise<void> {
    return this.users.advanceEpoch(id);
  }

  /** Marks the mailbox as proved. */
  markVerified(id: string): Promise<void> {
    return this.amend(id, { emailVerifiedAt: clock.now() });
  }

  /** Deletes a person and their data, once what every module registered has run. */
  delete(id: string): Promise<void> {
    return this.db.transaction(async () => {
      await this.db.lock(User, { id });
      const user = await this.get(id);
      for (const run of this.deletions) await run(user);

      await this.users.remove({ id });
      await this.activity.record('user.deleted', { type: 'user', id });
      await this.activity.anonymize(id);
      if (user.emailVerifiedAt) await this.tellDeleted(user);
    });
  }

  private async tellDeleted({ email: to, name }: User): Promise<void> {
    const { ip = '', userAgent = '' } = requestContext() ?? {};
    await this.outbox.add('account.deleted', { to, name, ip, device: userAgent.slice(0, 255), at: clock.now() });
  }

  /** Everything that is held about a person, module by module. Whoever asks leaves a line. */
  async export(id: string): Promise<{ exportedAt: Date; held: Record<string, unknown> }> {
    const user = await this.get(id);
    await this.activity.record('user.exported', { type: 'user', id });
    const held: Record<string, unknown> = { user: showHeld(user) };
    for (const [name, read] of this.exports) held[name] = await read(user);
    return { exportedAt: clock.now(), held };
  }

  /** Has what `read` finds be a part, by this name, of what is exported of a person. */
  onExport(name: string, read: Export): void {
    if (this.exports.has(name)) throw new Error(`A part of what is exported of a person is called ${name} already.`);
    this.exports.set(name, read);
  }

  /**
   * Hands an account over to whoever has just proved its mailbox: what could let in, or serve, the person who set it up is dead. Part
   * of a transaction. @returns the person as they are now.
   */
  async handOver(id: string): Promise<User> {
    const user = await this.get(id);
    for (const takeover of this.takeovers) await takeover(user);
    await this.amend(id, { passwordHash: null });
    return this.get(id);
  }

  /** Has `takeover` run in the transaction that hands an account over: a module makes dead what of its own the person before left there. */
  onHandOver(takeover: AboutUser): void {
    this.takeovers.push(takeover);
  }

  /** Has `suspension` run in the transaction that suspends a person. */
  onSuspension(suspension: AboutUser): void {
    this.suspensions.push(suspension);
  }

  /** Registers what runs in the transaction that deletes a person; it may throw to prevent that. */
  onDelete(run: AboutUser): void {
    this.deletions.push(run);
  }
}

/** A person's row, without the hash of the password. */
const showHeld = (user: User) => ({
  id: user.id,
  email: user.email,
  emailVerifiedAt: user.emailVerifiedAt,
  name: user.name,
  profile: user.profile as object,
  status: user.status,
  platformRole: user.platformRole,
  hasPassword: user.passwordHash !== null,
  createdAt: user.createdAt,
  updatedAt: user.updatedAt,
});
