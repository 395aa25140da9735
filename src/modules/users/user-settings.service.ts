import { Injectable, type OnModuleInit } from '@nestjs/common';
import { clock } from '../../kit/clock';
import { Database } from '../../database/database';
import type { Versions } from '../../database/row';
import { Rows } from '../../database/rows';
import { type Fault, PreconditionFailed, ValidationFailed } from '../../kit/problem';
import { requestContext } from '../../kit/request-context';
import { Outbox } from '../../outbox/outbox';
import { ActivityService } from '../activity/activity.service';
import { User } from './user.entity';
import { UserSettings } from './user-settings.entity';
import type { UserSettingsChanges } from './users.api';
import { UsersService } from './users.service';

const DEFAULTS = { locale: 'en', timezone: 'UTC', loginAlerts: null, notifications: {} };

/** What is wrong with what a person prefers to be told. */
type Check = (notifications: object) => Fault[];

@Injectable()
export class UserSettingsService implements OnModuleInit {
  private readonly settings: Rows<UserSettings>;
  private readonly users: Rows<User>;
  private check: Check = () => [];

  constructor(
    private readonly db: Database,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
    private readonly people: UsersService,
  ) {
    this.settings = new Rows(db, UserSettings);
    this.users = new Rows(db, User);
  }

  onModuleInit(): void {
    this.people.onExport('settings', ({ id }) => this.get(id));
    this.people.onHandOver(({ id }) => this.forget(id)); // among them: that nobody is told of sign-ins
  }

  /** Has what a person prefers to be told checked by who knows what there is to tell, on a floor above. */
  checkNotifications(check: Check): void {
    this.check = check;
  }

  /** What a person prefers; the defaults, as version 0, until they say. */
  async get(userId: string): Promise<Pick<UserSettings, keyof typeof DEFAULTS | 'version'>> {
    const settings = await this.settings.find({ userId });
    if (!settings) await this.users.get({ id: userId });
    return settings ?? { ...DEFAULTS, version: 0 };
  }

  /** Whether a login mails an alert; null: as the platform does. */
  async loginAlerts(userId: string): Promise<UserSettings['loginAlerts']> {
    return (await this.settings.find({ userId }))?.loginAlerts ?? DEFAULTS.loginAlerts;
  }

  /** Back to the defaults. */
  async forget(userId: string): Promise<void> {
    await this.settings.remove({ userId });
  }

  update(userId: string, changes: UserSettingsChanges, version?: Versions) {
    const { timezone, notifications = {} } = changes;
    const errors = this.check(notifications);
    if (timezone !== undefined && !isTimeZone(timezone))
      errors.unshift({ pointer: '#/timezone', detail: 'must be a time zone such as Europe/Paris' });
    if (errors.length > 0) throw new ValidationFailed({ errors });

    return this.db.transaction(async () => {
      await this.db.lock(User, { id: userId }); // two first changes at once must not make two rows
      const current = await this.get(userId);
      if (current.version > 0) await this.settings.update({ userId }, changes, version);
      else if (version && !version.includes(0)) throw new PreconditionFailed();
      else await this.settings.add({ ...DEFAULTS, ...changes, userId });

      await this.activity.record('user.settings-updated', { type: 'user', id: userId });
      const settings = await this.get(userId);
      if (settings.loginAlerts !== current.loginAlerts) await this.tell(userId);
      return settings;
    });
  }

  /** Whoever is in with someone's session could have the next sign-in pass unseen: the owner hears of it, whatever they prefer now. */
  private async tell(userId: string): Promise<void> {
    const { ip = '', userAgent = '' } = requestContext() ?? {};
    const device = userAgent.slice(0, 255);
    await this.outbox.add('security.alert', { kind: 'alerts-changed', userId, ip, device, at: clock.now() });
  }
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}
