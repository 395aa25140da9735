import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../access/caller';
import { Database } from '../../../database/database';
import { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import { MailCodesService } from './mail-codes.service';
import type { PersonProof } from './passwords.api';
import { ProofRequired, WrongMailCode } from './passwords.errors';
import { PasswordsService } from './passwords.service';

/** What was proved of a person: by which means, and in which of their epochs (decision 29). */
export type Proved = { by: 'password' | 'mail'; userId: string; authEpoch: number };

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

    return { by: mailCode === undefined ? 'password' : 'mail', userId, authEpoch: user.authEpoch };
  }

  /**
   * The person, if the proof still holds: whatever ends sessions, a new password above all, has ended it, too. Part of a transaction,
   * beside which no epoch ends. @throws ProofRequired
   */
  async holder({ userId, authEpoch }: Proved): Promise<User> {
    await this.db.lock(User, { id: userId });
    const user = await this.users.get(userId);
    if (user.authEpoch !== authEpoch) throw new ProofRequired();
    return user;
  }
}
