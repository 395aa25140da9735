import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database';
import { LinksService } from '../links/links.service';
import { PasswordsService } from './passwords.service';
import type { PasswordReset } from './passwords.api';
import { CredentialsService } from './credentials.service';
import { EmailVerificationService } from '../links/email-verification.service';

@Injectable()
export class PasswordResetService {
  constructor(
    private readonly db: Database,
    private readonly links: LinksService,
    private readonly passwords: PasswordsService,
    private readonly proof: EmailVerificationService,
    private readonly credentials: CredentialsService,
  ) {}

  /** Sets a password by a mailed link, which proves the mailbox, too. A poor password does not use the link up. @throws LinkDead */
  async confirm({ token, password }: PasswordReset): Promise<void> {
    this.passwords.judge(password, 'password', await this.links.ownerOf('reset-password', token));
    const hash = await this.passwords.hash(password);
    await this.db.transaction(async () => {
      const user = await this.proof.accept(await this.links.use('reset-password', token), { samePerson: false });
      await this.credentials.set(user.id, hash);
    });
  }
}
