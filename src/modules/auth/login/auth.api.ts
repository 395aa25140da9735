import { PickType } from '@nestjs/swagger';
import { PERMISSIONS, type Permission } from '../../../access/permissions';
import {
  BooleanField,
  EmailField,
  EnumField,
  IdField,
  KnownPasswordField,
  ListField,
  NameField,
  PasswordField,
  ShapeField,
  StringsField,
} from '../../../http/fields/fields';
import { LinkToken } from '../links/links.api';
import { MEMBER_STATUSES, type MemberStatus } from '../../organizations/records/membership.entity';
import type { OwnMembership } from '../../organizations/members.service';
import { Organization } from '../../organizations/organizations.api';
import { SignedIn } from '../sessions/sessions.api';
import { User } from '../../users/users.api';

export class SignUp {
  @EmailField()
  email: string;

  @PasswordField()
  password: string;

  @NameField({ optional: true, description: 'Made from the address when left out.' })
  name?: string;

  @NameField({
    optional: true,
    example: 'Acme',
    description: 'Founds an organization of this name; without it, a personal one.',
  })
  organizationName?: string;
}

export class SignedUp extends SignedIn {
  @ShapeField(() => Organization)
  organization: Organization;
}

export class Login {
  @EmailField()
  email: string;

  @KnownPasswordField()
  password: string;
}

/** From the device that signed up, or signed in, the token is enough. */
export class MailboxProof extends LinkToken {
  @KnownPasswordField({
    optional: true,
    description: 'From another device: the password that was chosen at sign-up. It stays.',
  })
  password?: string;

  @PasswordField({
    optional: true,
    example: 'a brand new battery staple',
    description: 'Instead, for who did not choose that one: a new password. Whatever was set up before is then dead.',
  })
  newPassword?: string;
}

const token = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE';
export const PROOFS = {
  'On the device that signed up': { value: { token } },
  'On another, with the password of then': { value: { token, password: 'correct horse battery staple' } },
  'On another, with a new one': { value: { token, newPassword: 'a brand new battery staple' } },
};

class OwnOrganization extends PickType(Organization, ['id', 'name', 'slug', 'status', 'personal']) {}

/** What one is in an organization, and may do there. */
export class Place {
  @ShapeField(() => OwnOrganization)
  organization: OwnOrganization;

  @NameField({ max: 60, example: 'Owner' })
  role: string;

  @EnumField(MEMBER_STATUSES)
  status: MemberStatus;

  @StringsField({ values: PERMISSIONS, example: ['organization:read'] })
  permissions: Permission[];
}

export class Me {
  @ShapeField(() => User)
  user: User;

  @IdField({ description: 'The session that asks.' })
  sessionId: string;

  @BooleanField({ description: 'Whether one is platform staff.', example: false })
  staff: boolean;

  @ListField(() => Place)
  memberships: Place[];
}

export const showMembership = ({ membership, permissions }: OwnMembership): Place => ({
  organization: membership.organization,
  role: membership.role.name,
  status: membership.status,
  permissions,
});
