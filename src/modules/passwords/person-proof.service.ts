import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller';
import { Database } from '../../kit/db/database';
import { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import { MailCodesService } from './mail-codes.service';
import type { PersonProof } from './passwords.api';
import { ProofRequired, WrongMailCode } from './passwords.errors';
import { PasswordsService } from './passwords.service';

/** What was proved of a person: by which means, and while which password (its hash) was theirs. */
export type Proved = { by: 'password' | 'mail'; userId: string; passwordHash: string | null };

/** Tells the person from someone who has their session (OWASP ASVS 5.0, 7.5.1). */
@Injectable()
export class PersonProofService {
  constructor(
    private readonly db: Database,
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly codes: MailCodesService,
  ) {}

  /**
   * Takes a proof; a mailed code is used up by it. Must be called outside a transaction, which would forget the guess.
   * @throws ProofRequired, NoPassword, WrongPassword, WrongMailCode, TooManyRequests
   */
  async take(caller: Caller, { currentPassword, mailCode }: PersonProof): Promise<Proved> {
    const { userId } = caller;
    const user = await this.users.get(userId);
    if (currentPassword === undefined && mailCode === undefined) throw new ProofRequired();
    if (currentPassword !== undefined) await this.passwords.confirm(user, currentPassword);
    if (mailCode !== undefined && !(await this.passwords.guess(userId, () => this.codes.use(caller, mailCode))))
      throw new WrongMailCode();

    return { by: mailCode === undefined ? 'password' : 'mail', userId, passwordHash: user.passwordHash };
  }

  /**
   * The person, if the proof still holds: a new password has ended what was proved before it. Part of a transaction, in which nobody
   * else sets one. @throws ProofRequired
   */
  async holder({ userId, passwordHash }: Proved): Promise<User> {
    await this.db.lock(User, { id: userId });
    const user = await this.users.get(userId);
    if (user.passwordHash !== passwordHash) throw new ProofRequired();
    return user;
  }
}
