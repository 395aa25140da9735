import { Inject, Injectable } from '@nestjs/common';
import { MINUTE } from '../../../kit/clock';
import { CONFIG, type Config } from '../../../config/config';
import { concerning } from '../../../kit/request-context';
import { EmailUnverified } from '../../../kit/problem';
import { AccountLimits } from '../../../rate-limit/account-limits';
import { PasswordsService } from '../passwords/passwords.service';
import { currentDevice, DevicesService } from '../devices/devices.service';
import type { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import type { Login } from './auth.api';
import { AccountSuspended, WrongCredentials } from './auth.errors';
import { SignInService } from './sign-in.service';

/** OWASP ASVS 5.0, 6.3.1. A known device has an allowance of its own: who guesses from elsewhere does not lock the owner out. */
const GUESSES = { max: 30, per: 15 * MINUTE };
/** Asked about in place of a person who is not there, so that it takes as long. */
const NOBODY = '00000000-0000-7000-8000-000000000000';

@Injectable()
export class LoginService {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly devices: DevicesService,
    private readonly limits: AccountLimits,
    private readonly welcome: SignInService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Signs in by password. The answer to an unknown address is that to a wrong password, in bytes and in time. */
  async login({ email, password }: Login) {
    const user = await this.users.findByEmail(email);
    concerning(user?.id);
    const device = currentDevice();
    const isKnown = await this.devices.isKnown(user?.id ?? NOBODY, device);
    const guesses = `login:${email}:${isKnown ? device.hash : 'elsewhere'}`;
    await this.limits.take(guesses, GUESSES);

    const match = await this.passwords.verify(user?.passwordHash, password);
    if (!user || match === 'wrong') throw new WrongCredentials();
    this.requireUsable(user);

    await this.limits.reset(guesses);
    if (match === 'outdated') await this.passwords.renew(user, password);
    return { user, tokens: await this.welcome.back(user) };
  }

  private requireUsable(user: User): void {
    if (!user.isActive) throw new AccountSuspended();
    if (!user.emailVerifiedAt && this.config.SIGNUP_POLICY === 'verified') throw new EmailUnverified();
  }
}
