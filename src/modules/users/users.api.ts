import { PickType } from '@nestjs/swagger';
import { changesOf } from '../../http/fields/changes';
import {
  AnyField,
  BooleanField,
  EmailField,
  EnumField,
  IdField,
  JsonField,
  ListField,
  LocaleField,
  NameField,
  TextField,
  TimeField,
} from '../../http/fields/fields';
import { PageQuery, pageOf } from '../../http/contract/page';
import { User as UserRow, USER_STATUSES, type UserStatus } from './user.entity';

export class User {
  @IdField()
  id: string;

  @EmailField()
  email: string;

  @BooleanField({ description: 'Whether the mailbox is proved to be theirs.' })
  emailVerified: boolean;

  @NameField()
  name: string;

  @JsonField({ example: { title: 'Countess' } })
  profile: object;

  @EnumField(USER_STATUSES, { description: 'Changed by platform staff only.' })
  status: UserStatus;

  @TimeField()
  createdAt: Date;
}

export const UserPage = pageOf(User);

export class UserChanges extends changesOf(PickType(User, ['name', 'profile', 'status'])) {}
/** What anyone may change of themselves. */
export const OWN_CHANGES: UserChanges = { name: 'Ada Lovelace', profile: { title: 'Countess' } };

export class NewUser extends PickType(User, ['email', 'name']) {}

export class UserQuery extends PageQuery {
  @TextField({
    optional: true,
    min: 1,
    max: 120,
    example: 'ada',
    description: 'The beginning of an address or a name.',
  })
  q?: string;

  @EnumField(USER_STATUSES, { optional: true })
  status?: UserStatus;
}

/** Everything that is held about a person; no secret, and no hash of one. */
export class UserExport {
  @TimeField()
  exportedAt: Date;

  @JsonField({
    description: 'By what it is: `user`, `settings`, `documents`, `memberships`, `sessions`, `activity` and so on.',
    example: { user: { email: 'ada@example.com' }, settings: { locale: 'en' } },
  })
  held: object;
}

export const LOGIN_ALERTS = ['new-device', 'always', 'off'] as const;

export class UserSettings {
  @LocaleField()
  locale: string;

  @TextField({
    min: 1,
    max: 64,
    pattern: /^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/,
    rule: 'must be a time zone such as Europe/Paris',
    example: 'Europe/Paris',
  })
  timezone: string;

  @EnumField(LOGIN_ALERTS, {
    nullable: true,
    description: "When a login mails an alert; null: as the platform's default says.",
  })
  loginAlerts: (typeof LOGIN_ALERTS)[number] | null;

  @JsonField({
    example: { 'member.joined': { inApp: true, email: false } },
    description: 'By type of notification, the channels that it takes; what is not said is as the platform does.',
  })
  notifications: object;
}

export class UserSettingsChanges extends changesOf(UserSettings) {}

const MAX_DOCUMENT = 64 * 1024;

/** A JSON document of the person's own. */
export class UserDocument {
  @TextField({ min: 1, max: 120, example: 'drafts' })
  key: string;

  @AnyField({ max: MAX_DOCUMENT, description: 'Any JSON, at most 64 KiB.', example: { open: ['a', 'b'] } })
  value: unknown;

  @TimeField()
  updatedAt: Date;
}

export class UserDocumentValue extends PickType(UserDocument, ['value']) {}

export class UserDocuments {
  @ListField(() => UserDocument)
  data: UserDocument[];
}

/** What `showUser` shows, of a row that is read for it. */
export const USER_SHOWN = {
  email: true,
  emailVerifiedAt: true,
  name: true,
  profile: true,
  status: true,
  createdAt: true,
};

export const showUser = (user: UserRow) => ({ ...user, emailVerified: user.emailVerifiedAt !== null });
