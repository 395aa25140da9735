import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../access/caller';
import { Database } from '../../../database/database';
import { Outbox } from '../../../outbox/outbox';
import { ActivityService } from '../../activity/activity.service';
import { currentDevice, DevicesService } from '../devices/devices.service';
import { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import { LinksService } from './links.service';

/** Who proves a mailbox: the person who made the account, or whoever owns the mailbox. */
type Prover = { samePerson: boolean; passwordHash?: string };

/** The proof that a mailbox belongs to the person. See docs/decisions/0009. */
@Injectable()
export class EmailVerificationService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersService,
    private readonly devices: DevicesService,
    private readonly links: LinksService,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
  ) {}

  /**
   * Notes the first proof; part of a transaction. Whoever made the account before may have been someone else, waiting for the owner of
   * the mailbox to move in (pre-hijacking): unless the prover is known to be the same person, what was set up before is dead, and
   * what is left of it is told by mail.
   * @param passwordHash what the prover wants in place of a password that is dead
   * @returns the person as they are now.
   */
  async accept({ id }: User, { samePerson, passwordHash }: Prover): Promise<User> {
    await this.db.lock(User, { id });
    const user = await this.users.get(id);
    if (user.emailVerifiedAt) return user;
    if (!samePerson) await this.handOver(user);
    if (passwordHash !== undefined) await this.users.amend(id, { passwordHash });
    await this.links.forgetAll(id);
    await this.users.markVerified(id);
    await this.activity.record('user.verified', { type: 'user', id }, { actorId: id });
    return this.users.get(id);
  }

  /** Whether who follows a link is known to have made the account: signed in to it, or on a device of then. */
  async isWhoSignedUp({ id }: User, caller?: Caller): Promise<boolean> {
    return caller?.userId === id || this.devices.isKnown(id, currentDevice());
  }

  /** Remembers the device on which an account was set up whose mailbox is still to be proved. */
  async expect(userId: string): Promise<void> {
    await this.devices.remember(userId, currentDevice());
  }

  private async handOver({ id, passwordHash, createdAt }: User): Promise<void> {
    await this.users.handOver(id);
    if (passwordHash !== null) await this.outbox.add('account.handed-over', { userId: id, setUpAt: createdAt });
  }
}
