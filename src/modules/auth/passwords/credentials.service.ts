import { Injectable } from '@nestjs/common';
import { clock } from '../../../kit/clock';
import { Outbox } from '../../../outbox/outbox';
import { ActivityService } from '../../activity/activity.service';
import { LinksService } from '../links/links.service';
import { currentDevice } from '../devices/devices.service';
import { SessionsService } from '../sessions/sessions.service';
import { UsersService } from '../../users/users.service';

/** What ends with a password, in the transaction that sets another. */
type Ending = (userId: string) => Promise<void>;

/** Gives a person a new password, and ends what the old one opened. */
@Injectable()
export class CredentialsService {
  private readonly endings: Ending[] = [];

  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly links: LinksService,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
  ) {}

  /** Has `ending` run in the transaction that gives a person a new password. */
  onNewPassword(ending: Ending): void {
    this.endings.push(ending);
  }

  /** Part of a transaction. All sessions end but the one kept, all mailed links die, what rests on the old password ends, and the person is told. */
  async set(userId: string, passwordHash: string, keptSessionId?: string): Promise<void> {
    const { ip, userAgent } = currentDevice();
    await this.users.amend(userId, { passwordHash });
    await (keptSessionId ? this.sessions.endOthers(userId, keptSessionId) : this.sessions.endAll(userId));
    await this.links.forgetAll(userId);
    for (const ending of this.endings) await ending(userId);
    await this.activity.record('user.password-changed', { type: 'user', id: userId }, { actorId: userId });
    await this.outbox.add('security.alert', {
      kind: 'password-changed',
      userId,
      ip,
      device: userAgent,
      at: clock.now(),
    });
  }
}
