import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database';
import { LinksService } from '../links/links.service';
import { EmailVerificationService } from '../links/email-verification.service';
import type { Tokens } from '../sessions/sessions.api';
import type { User } from '../../users/user.entity';
import { SignInService } from './sign-in.service';

/** Sign-in by a mailed link. */
@Injectable()
export class LinkLoginService {
  constructor(
    private readonly db: Database,
    private readonly links: LinksService,
    private readonly proof: EmailVerificationService,
    private readonly welcome: SignInService,
  ) {}

  /** Where it is the first proof of the mailbox, a password from before is dead, and the answer says so. @throws LinkDead, SignInOvertaken */
  signIn(token: string): Promise<{ user: User; tokens: Tokens; passwordNeeded?: boolean }> {
    return this.db.transaction(async () => {
      const found = await this.links.use('magic-link', token);
      const user = await this.proof.accept(found, { samePerson: false });
      const passwordNeeded = found.passwordHash !== null && user.passwordHash === null;
      return { user, tokens: await this.welcome.back(user), ...(passwordNeeded && { passwordNeeded }) };
    });
  }
}
