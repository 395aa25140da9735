import { Injectable, type OnModuleInit } from '@nestjs/common';
import { UsersService } from '../../users/users.service';
import { DevicesService } from '../devices/devices.service';
import type { Session } from './session.entity';
import { SessionsService } from './sessions.service';
import type { TrustedDevice } from '../devices/trusted-device.entity';

/**
 * What is exported of a person's sessions and devices (a device is known by a hash alone, which stays here), and what ends them: a
 * suspension, after which they do not come back with the person, and a proof of the mailbox by somebody else.
 */
@Injectable()
export class SessionsPrivacy implements OnModuleInit {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly devices: DevicesService,
  ) {}

  onModuleInit(): void {
    this.users.onExport('sessions', async ({ id }) => (await this.sessions.all(id)).map(showHeldSession));
    this.users.onSuspension(({ id }) => this.sessions.endAll(id));
    this.users.onHandOver(async ({ id }) => {
      await this.sessions.endAll(id);
      await this.devices.forgetAll(id);
    });
    this.users.onExport('devices', async ({ id }) => (await this.devices.list(id)).map(showHeldDevice));
  }
}

const showHeldSession = ({ id, ip, userAgent, createdAt, refreshedAt, expiresAt, endsAt }: Session) => ({
  id,
  ip,
  userAgent,
  createdAt,
  refreshedAt,
  expiresAt,
  endsAt,
});

const showHeldDevice = ({ createdAt, lastSeenAt }: TrustedDevice) => ({ createdAt, lastSeenAt });
