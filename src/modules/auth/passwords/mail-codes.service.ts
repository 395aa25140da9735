import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import type { Caller } from '../../../access/caller';
import { clock, fromNow, MINUTE } from '../../../kit/clock';
import { KeyRing } from '../../../kit/key-ring';
import { Database } from '../../../database/database';
import { Rows } from '../../../database/rows';
import { AccountLimits } from '../../../rate-limit/account-limits';
import { Outbox } from '../../../outbox/outbox';
import { hashToken } from '../../../kit/token';
import { OneTimeToken } from '../links/one-time-token.entity';
import { User } from '../../users/user.entity';

const LIFE = 10 * MINUTE;
const PER_MAILBOX = { max: 5, per: 15 * MINUTE };
const PURPOSE = 'step-up';

/** Codes that are mailed to who is signed in, to prove the person: eight digits, good once, for ten minutes, in the session that asked. */
@Injectable()
export class MailCodesService {
  private readonly tokens: Rows<OneTimeToken>;

  constructor(
    private readonly db: Database,
    private readonly ring: KeyRing,
    private readonly limits: AccountLimits,
    private readonly outbox: Outbox,
  ) {
    this.tokens = new Rows(db, OneTimeToken);
  }

  /** Mails a code; the one before is dead. @throws TooManyRequests */
  async send(caller: Caller): Promise<void> {
    const { userId, email: to, name } = caller;
    await this.limits.take(`mail:${PURPOSE}:${to}`, PER_MAILBOX);
    const code = String(randomInt(10 ** 8)).padStart(8, '0');
    await this.db.transaction(async () => {
      await this.db.lock(User, { id: userId }); // of two requests at once, the later one's code is the one that lives
      await this.tokens.remove({ userId, purpose: PURPOSE });
      const tokenHash = this.hashOf(caller, code);
      await this.tokens.add({ userId, purpose: PURPOSE, tokenHash, expiresAt: fromNow(LIFE) });
      await this.outbox.add('mail-code.sent', { to, name, code });
    });
  }

  /** Uses a code up; of parallel uses one wins. Whoever calls counts the guesses. */
  async use(caller: Caller, code: string): Promise<boolean> {
    const live = { purpose: PURPOSE, tokenHash: this.hashOf(caller, code), expiresAt: MoreThan(clock.now()) } as const;
    return (await this.tokens.remove(live)) === 1;
  }

  /** Keyed: all codes that there are could be tried against a bare hash. */
  private hashOf({ userId, sessionId }: Caller, code: string): string {
    return hashToken(this.ring.sign(`step-up code ${code} for ${userId} in ${sessionId}`));
  }
}
