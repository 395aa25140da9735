import { Inject, Injectable } from '@nestjs/common';
import { clock } from '../../../kit/clock';
import { CONFIG, type Config } from '../../../config/config';
import { Database } from '../../../database/database';
import { Outbox } from '../../../outbox/outbox';
import { currentDevice, DevicesService } from '../devices/devices.service';
import type { Tokens } from '../sessions/sessions.api';
import { SessionsService } from '../sessions/sessions.service';
import type { User } from '../../users/user.entity';
import { UserSettingsService } from '../../users/user-settings.service';

/** Lets a person in who has proved who they are. */
@Injectable()
export class SignInService {
  constructor(
    private readonly sessions: SessionsService,
    private readonly devices: DevicesService,
    private readonly settings: UserSettingsService,
    private readonly outbox: Outbox,
    private readonly db: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Opens the first session of an account. @throws SignInOvertaken */
  newcomer(user: User): Promise<Tokens> {
    return this.db.transaction(async () => {
      const tokens = await this.sessions.open(user); // first: it keeps the person from being deleted until the end
      await this.devices.remember(user.id, currentDevice());
      return tokens;
    });
  }

  /** Opens a session, and mails an alert where the person or the platform wants one. @throws SignInOvertaken */
  back(user: User): Promise<Tokens> {
    const device = currentDevice();
    return this.db.transaction(async () => {
      const tokens = await this.sessions.open(user);
      const isKnown = await this.devices.remember(user.id, device);
      const alerts = (await this.settings.loginAlerts(user.id)) ?? this.config.LOGIN_ALERTS;
      if (alerts === 'always' || (alerts === 'new-device' && !isKnown)) {
        await this.outbox.add('security.alert', {
          kind: 'login',
          userId: user.id,
          ip: device.ip,
          device: device.userAgent,
          at: clock.now(),
        });
      }
      return tokens;
    });
  }
}
