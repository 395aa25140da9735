import { PartialType, PickType } from '@nestjs/swagger';
import {
  EmailField,
  EnumField,
  IdField,
  NameField,
  PasswordField,
  ShapeField,
  TimeField,
  TokenField,
} from '../../http/fields/fields';
import { pageOf } from '../../http/contract/page';
import { Organization } from '../organizations/organizations.api';
import { Tokens } from '../auth/sessions/sessions.api';
import { User } from '../users/users.api';
import { INVITE_STATUSES, type Invite as InviteRow, type InviteStatus } from './records/invite.entity';

export class Inviter {
  @IdField()
  userId: string;

  @NameField()
  name: string;
}

/** What the API shows of an invite. Never its token. */
export class Invite {
  @IdField()
  id: string;

  @EmailField({ example: 'grace@example.com' })
  email: string;

  @NameField({ max: 60, example: 'Member' })
  role: string;

  @EnumField(INVITE_STATUSES, {
    description:
      'void: the inviter may not offer this any more, or the organization is suspended; inviting the person anew replaces it.',
  })
  status: InviteStatus;

  @TimeField()
  expiresAt: Date;

  @ShapeField(() => Inviter, { nullable: true })
  invitedBy: Inviter | null;

  @TimeField()
  createdAt: Date;
}

export const InvitePage = pageOf(Invite);

export class NewInvite extends PickType(Invite, ['email', 'role']) {}

export class InviteToken {
  @TokenField({ example: 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE', description: 'From the mailed link.' })
  token: string;
}

/** What the invited person sees before deciding. */
export class InvitePreview extends PickType(Invite, ['email', 'role', 'expiresAt']) {
  @NameField({ example: 'Acme' })
  organizationName: string;

  @NameField({ nullable: true })
  inviterName: string | null;
}

/** With a session of the invited address: the token alone. Without: a name and a password, which make the account. */
export class InviteAcceptance extends InviteToken {
  @NameField({ optional: true, example: 'Grace Hopper' })
  name?: string;

  @PasswordField({ optional: true })
  password?: string;
}

/** Where one belongs now. The tokens are there when the account was made by this call. */
export class Joined extends PartialType(Tokens) {
  @ShapeField(() => Organization)
  organization: Organization;

  @NameField({ max: 60, example: 'Member' })
  role: string;

  @ShapeField(() => User)
  user: User;
}

export const showInvite = ({ id, email, role, status, expiresAt, inviter, createdAt, version }: InviteRow) => ({
  id,
  email,
  role: role.name,
  status,
  expiresAt,
  invitedBy: inviter ? { userId: inviter.id, name: inviter.name } : null,
  createdAt,
  version,
});
