import 'reflect-metadata';
import { IsNull, Not } from 'typeorm';
import { isStaffRole, STAFF_ROLES, type StaffRole } from '../access/permissions';
import { command } from './command';
import type { Config } from '../config/config';
import type { Database } from '../database/database';
import { Rows } from '../database/rows';
import { normalizeAddress } from '../kit/text/email-address';
import { ActivityService } from '../modules/activity/activity.service';
import { User } from '../modules/users/user.entity';

const ROLES = Object.keys(STAFF_ROLES).join('|');
const USAGE = `Usage: npm run staff -- grant <address> <${ROLES}> | revoke <address> | list`;

/** Who runs the platform itself, across organizations. */
class Staff {
  private readonly users: Rows<User>;
  private readonly activity: ActivityService;

  constructor(
    private readonly db: Database,
    private readonly config: Config,
  ) {
    this.users = new Rows(db, User);
    this.activity = new ActivityService(db);
  }

  async grant(address: string, role: string): Promise<string> {
    if (!isStaffRole(role)) throw new Error(`There is no staff role "${role}"; there are ${ROLES}.`);
    const user = await this.find(address);
    // whoever signs up first with an address would else be staff, be it theirs or not
    if (!user.emailVerifiedAt) throw new Error(`${user.email} has yet to prove that mailbox.`);

    if (user.platformRole !== role) await this.set(user, role, 'staff.granted');
    return `${user.email} is platform staff: ${role}.`;
  }

  async revoke(address: string): Promise<string> {
    const user = await this.find(address);

    if (user.platformRole) await this.set(user, null, 'staff.revoked');
    return this.config.PLATFORM_ADMINS.includes(user.email)
      ? `${user.email} is still platform staff: PLATFORM_ADMINS names that address.`
      : `${user.email} is not platform staff.`;
  }

  async list(): Promise<string> {
    const users = await this.users.list({ platformRole: Not(IsNull()) });
    const named = this.config.PLATFORM_ADMINS.map((address) => `${address}  admin, by PLATFORM_ADMINS`);
    const lines = [...users.map(({ email, platformRole }) => `${email}  ${platformRole}`), ...named];
    return lines.join('\n') || 'Nobody is platform staff.';
  }

  private async find(address: string): Promise<User> {
    const user = await this.users.find({ email: normalizeAddress(address) });
    if (!user) throw new Error(`There is no account with the address "${address}".`);
    return user;
  }

  private set({ id }: User, platformRole: StaffRole | null, action: string): Promise<void> {
    return this.db.transaction(async () => {
      await this.users.update({ id }, { platformRole });
      await this.activity.record(action, { type: 'user', id });
    });
  }
}

command(([verb, address, role, ...rest], db, config) => {
  const staff = new Staff(db, config);
  if (verb === 'grant' && address && role && rest.length === 0) return staff.grant(address, role);
  if (verb === 'revoke' && address && !role) return staff.revoke(address);
  if (verb === 'list' && !address) return staff.list();
  throw new Error(USAGE);
});
