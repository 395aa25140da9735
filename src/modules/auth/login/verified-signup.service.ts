import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database';
import { Outbox } from '../../../outbox/outbox';
import { On } from '../../../outbox/outbox.handlers';
import { LinksService } from '../links/links.service';
import { type Account, OrganizationsService } from '../../organizations/organizations.service';
import { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import { EmailVerificationService } from '../links/email-verification.service';

type Request = Account & { organizationName?: string };

/** Sign-up that gives nothing, not even whether an address is known, before the mailbox is proved. */
@Injectable()
export class VerifiedSignUpService {
  constructor(
    private readonly db: Database,
    private readonly outbox: Outbox,
    private readonly users: UsersService,
    private readonly organizations: OrganizationsService,
    private readonly links: LinksService,
    private readonly proof: EmailVerificationService,
  ) {}

  /** Takes a sign-up. The outbox does the rest: the answer is the same for every address, and takes as long. */
  async request(account: Account, organizationName?: string): Promise<void> {
    if (await this.links.allows('signup', account.email))
      await this.outbox.add('signup.requested', { ...account, organizationName });
  }

  @On('signup.requested')
  answer({ organizationName, ...account }: Request): Promise<void> {
    return this.db.transaction(async () => {
      await this.db.lock(User, { email: account.email }); // a proof that is under way counts: its account is not to be replaced
      const known = await this.users.findByEmail(account.email);
      if (known?.emailVerifiedAt || known?.isActive === false)
        return this.outbox.add('signup.known', { to: known.email, name: known.name });

      const user = known ?? (await this.organizations.createAccount(account, organizationName)).user;
      if (known) await this.replace(known.id, account);
      await this.proof.expect(user.id);
      await this.links.send('verify-email', { id: user.id, email: user.email, name: account.name });
    });
  }

  /** The last sign-up for an unproved mailbox counts: its link goes with its password. */
  private async replace(userId: string, { name, passwordHash }: Account): Promise<void> {
    await this.users.handOver(userId);
    await this.users.amend(userId, { name, passwordHash });
  }
}
