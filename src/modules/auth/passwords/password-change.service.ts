import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../access/caller';
import { Database } from '../../../database/database';
import { UsersService } from '../../users/users.service';
import { CredentialsService } from './credentials.service';
import type { PasswordChange } from './passwords.api';
import { PasswordsService } from './passwords.service';

@Injectable()
export class PasswordChangeService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly credentials: CredentialsService,
  ) {}

  /** @throws NoPassword, WrongPassword, TooManyRequests, ValidationFailed for a poor new password; Unauthenticated when overtaken */
  async change({ userId, sessionId }: Caller, { currentPassword, newPassword }: PasswordChange): Promise<void> {
    const user = await this.users.get(userId);
    if (user.passwordHash !== null) this.passwords.judge(newPassword, 'newPassword', user);
    await this.passwords.confirm(user, currentPassword);

    const hash = await this.passwords.hash(newPassword);
    await this.db.transaction(() => this.credentials.set(userId, hash, sessionId));
  }
}
