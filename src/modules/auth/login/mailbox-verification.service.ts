import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../../../access/caller';
import { CONFIG, type Config } from '../../../config/config';
import { Database } from '../../../database/database';
import { ValidationFailed } from '../../../kit/problem';
import { LinksService } from '../links/links.service';
import { EmailVerificationService } from '../links/email-verification.service';
import { PasswordsService } from '../passwords/passwords.service';
import type { Tokens } from '../sessions/sessions.api';
import type { User } from '../../users/user.entity';
import type { MailboxProof } from './auth.api';
import { PasswordNeeded } from './auth.errors';
import { SignInService } from './sign-in.service';

const BOTH = { pointer: '#/newPassword', detail: 'cannot be sent beside the password that the account has' };

/** The link of the verification mail. See docs/decisions/0009. */
@Injectable()
export class MailboxVerificationService {
  constructor(
    private readonly db: Database,
    private readonly links: LinksService,
    private readonly proof: EmailVerificationService,
    private readonly passwords: PasswordsService,
    private readonly welcome: SignInService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Proves the mailbox. Who follows the link signed in, on the device that signed up, or with the password of then, is who signed up;
   * anyone else gives the account a new password, and what was set up before is dead. Until then the link is not used up.
   * @returns a session where sign-up gave none. @throws LinkDead, PasswordNeeded, WrongPassword, TooManyRequests, ValidationFailed
   */
  async verify(
    { token, ...proof }: MailboxProof,
    caller?: Caller,
  ): Promise<{ user: User; tokens: Tokens } | undefined> {
    const owner = await this.links.ownerOf('verify-email', token);
    const prover = await this.proverOf(owner, proof, caller);
    return this.db.transaction(async () => {
      const user = await this.proof.accept(await this.links.use('verify-email', token), prover);
      return this.config.SIGNUP_POLICY === 'verified' ? { user, tokens: await this.welcome.newcomer(user) } : undefined;
    });
  }

  private async proverOf(owner: User, { password, newPassword }: Omit<MailboxProof, 'token'>, caller?: Caller) {
    if (password !== undefined && newPassword !== undefined) throw new ValidationFailed({ errors: [BOTH] });
    if (newPassword !== undefined) {
      this.passwords.judge(newPassword, 'newPassword', owner);
      return { samePerson: false, passwordHash: await this.passwords.hash(newPassword) };
    }
    if (owner.passwordHash === null) return { samePerson: false }; // staff made the account: there is nothing to lose
    if (await this.proof.isWhoSignedUp(owner, caller)) return { samePerson: true };
    if (password === undefined) throw new PasswordNeeded();
    await this.passwords.confirm(owner, password);
    return { samePerson: true };
  }
}
