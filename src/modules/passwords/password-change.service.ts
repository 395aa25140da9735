import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller';
import { MINUTE } from '../../kit/clock';
import { Database } from '../../kit/db/database';
import { Limits } from '../../kit/limits/limits';
import { PasswordsService } from './passwords.service';
import { UsersService } from '../users/users.service';
import type { PasswordChange } from './passwords.api';
import { NoPassword, WrongPassword } from './passwords.errors';
import { CredentialsService } from './credentials.service';

const GUESSES = { max: 10, per: 15 * MINUTE };

@Injectable()
export class PasswordChangeService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly limits: Limits,
    private readonly credentials: CredentialsService,
  ) {}

  /** @throws NoPassword, WrongPassword, TooManyRequests, ValidationFailed for a poor new password */
  async change({ userId, sessionId, email }: Caller, { currentPassword, newPassword }: PasswordChange): Promise<void> {
    const { name, passwordHash } = await this.users.get(userId);
    if (passwordHash === null) throw new NoPassword();
    this.passwords.judge(newPassword, 'newPassword', { email, name });
    await this.limits.take(`password:${userId}`, GUESSES);
    if (!(await this.passwords.verify(passwordHash, currentPassword))) throw new WrongPassword();

    await this.limits.reset(`password:${userId}`);
    const hash = await this.passwords.hash(newPassword);
    await this.db.transaction(() => this.credentials.set(userId, hash, sessionId));
  }
}
