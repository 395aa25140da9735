import { Injectable } from '@nestjs/common';
import { ActivityService } from '../activity/activity.service';
import { LinksService } from './links.service';
import { currentDevice, DevicesService } from '../sessions/devices.service';
import { SessionsService } from '../sessions/sessions.service';
import type { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';

/** The proof that a mailbox belongs to the person. */
@Injectable()
export class ProofService {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly devices: DevicesService,
    private readonly links: LinksService,
    private readonly activity: ActivityService,
  ) {}

  /**
   * Notes the first proof. Whoever made the account before may have been someone else, waiting for the owner of the mailbox to
   * move in (pre-hijacking): unless the prover is known to be the same person, what was set up before is dead.
   * @returns the person as they are now.
   */
  async accept(user: User, { samePerson }: { samePerson: boolean }): Promise<User> {
    if (user.emailVerifiedAt) return user;
    if (!samePerson) await this.wipe(user.id);
    await this.links.forgetAll(user.id);
    await this.users.markVerified(user.id);
    await this.activity.record('user.verified', { type: 'user', id: user.id }, { actorId: user.id });
    return this.users.get(user.id);
  }

  /** Remembers the device on which an account was set up whose mailbox is still to be proved. */
  async expect(userId: string): Promise<void> {
    await this.devices.remember(userId, currentDevice());
  }

  /** Makes dead whatever could let in the person who set an unproved account up. */
  async wipe(userId: string): Promise<void> {
    await this.users.amend(userId, { passwordHash: null });
    await this.sessions.endAll(userId);
    await this.devices.forgetAll(userId);
    await this.links.forgetAll(userId);
  }
}
