import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CredentialsService } from '../passwords/credentials.service';
import { UsersService } from '../../users/users.service';
import type { SocialAccount } from './social-account.entity';
import { SocialAccountsService } from './social-accounts.service';

/** What is exported of a person's identities, and which of them end with a password. */
@Injectable()
export class SocialPrivacy implements OnModuleInit {
  constructor(
    private readonly users: UsersService,
    private readonly credentials: CredentialsService,
    private readonly accounts: SocialAccountsService,
  ) {}

  onModuleInit(): void {
    this.users.onExport('socialAccounts', async ({ id }) => (await this.accounts.all(id)).map(showHeld));
    this.credentials.onNewPassword((userId) => this.accounts.endThoseByPassword(userId));
  }
}

const showHeld = ({ provider, issuer, subject, email, createdAt }: SocialAccount) => ({
  provider,
  issuer,
  subject,
  email,
  createdAt,
});
