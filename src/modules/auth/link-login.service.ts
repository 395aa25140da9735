import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller';
import { CONFIG, type Config } from '../../kit/config';
import { Database } from '../../kit/db/database';
import { LinksService } from '../links/links.service';
import { currentDevice, DevicesService } from '../sessions/devices.service';
import type { Tokens } from '../sessions/sessions.api';
import type { User } from '../users/user.entity';
import { ProofService } from '../links/proof.service';
import { WelcomeService } from './welcome.service';

type SignedIn = { user: User; tokens: Tokens };

/** What a mailed link does that proves a mailbox or signs in. */
@Injectable()
export class LinkLoginService {
  constructor(
    private readonly db: Database,
    private readonly links: LinksService,
    private readonly proof: ProofService,
    private readonly devices: DevicesService,
    private readonly welcome: WelcomeService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Proves the mailbox. Who follows the link signed in, or on the device that signed up, is who signed up.
   * @returns a session where sign-up gave none.
   */
  verifyEmail(token: string, caller?: Caller): Promise<SignedIn | undefined> {
    return this.db.transaction(async () => {
      const user = await this.links.use('verify-email', token);
      const samePerson = caller?.userId === user.id || (await this.devices.isKnown(user.id, currentDevice()));

      const proved = await this.proof.accept(user, { samePerson });
      return this.config.SIGNUP_POLICY === 'verified'
        ? { user: proved, tokens: await this.welcome.newcomer(proved) }
        : undefined;
    });
  }

  /** Signs in by a mailed link. */
  magicLink(token: string): Promise<SignedIn> {
    return this.db.transaction(async () => {
      const user = await this.proof.accept(await this.links.use('magic-link', token), { samePerson: false });
      return { user, tokens: await this.welcome.back(user) };
    });
  }
}
