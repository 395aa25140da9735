import { PickType } from '@nestjs/swagger';
import { changesOf } from '../../http/fields/changes';
import {
  BooleanField,
  CountField,
  EmailField,
  EnumField,
  IdField,
  JsonField,
  ListField,
  NameField,
  TextField,
  TimeField,
} from '../../http/fields/fields';
import { PageQuery, pageOf } from '../../http/contract/page';
import { SLUG } from '../../http/contract/params';
import type { ExtraRole as ExtraRoleRow } from './records/extra-role.entity';
import { MEMBER_STATUSES, type MemberStatus, type Membership } from './records/membership.entity';
import {
  ORGANIZATION_STATUSES,
  type Organization as OrganizationRow,
  type OrganizationStatus,
} from './records/organization.entity';

const ADDRESS = {
  min: 2,
  max: 63,
  pattern: SLUG,
  rule: 'must be lower-case letters, digits and single hyphens',
  example: 'acme',
};

export class Organization {
  @IdField()
  id: string;

  @NameField({ example: 'Acme' })
  name: string;

  @TextField(ADDRESS)
  slug: string;

  @EnumField(ORGANIZATION_STATUSES, {
    description: 'Changed by platform staff only; a suspended organization can be read, not changed.',
  })
  status: OrganizationStatus;

  @BooleanField({ description: 'Made for one person at sign-up.', example: false })
  personal: boolean;

  @JsonField()
  settings: object;

  @CountField({
    min: 0,
    max: 10,
    example: 3,
    description: 'How often an invited person may have a fresh link mailed in place of one that has expired; 0: never.',
  })
  inviteRenewals: number;

  @TextField({ max: 40, nullable: true, example: 'team', description: 'The code of its plan; null without one.' })
  plan: string | null;

  @JsonField({
    nullable: true,
    example: { seats: 10 },
    description: 'What the plan allows. `seats` is held: see members.',
  })
  limits: object | null;

  @TimeField()
  createdAt: Date;
}

export const OrganizationPage = pageOf(Organization);

export class NewOrganization extends PickType(Organization, ['name']) {
  @TextField({ ...ADDRESS, optional: true, example: 'acme-rockets', description: 'Made from the name when left out.' })
  slug?: string;

  @JsonField({ optional: true })
  settings?: object;
}

export class OrganizationChanges extends changesOf(
  PickType(Organization, ['name', 'slug', 'status', 'settings', 'inviteRenewals']),
) {}

/** What members with the right may change of it. */
export const OWN_CHANGES: OrganizationChanges = { name: 'Acme', settings: { theme: 'dark' } };

export class OrganizationQuery extends PageQuery {
  @EnumField(['true', 'false'], {
    optional: true,
    example: 'false',
    description: 'Platform staff: every organization, not only mine.',
  })
  all?: 'true' | 'false';
}

export class ExtraRole {
  @NameField({ max: 60, example: 'Member' })
  role: string;

  @TimeField({ nullable: true, description: 'Until when; null: for good.', example: null })
  expiresAt: Date | null;
}

class NewExtraRole extends PickType(ExtraRole, ['role']) {
  @TimeField({ nullable: true, optional: true, description: 'Until when; null or left out: for good.', example: null })
  expiresAt?: string | null;
}

/** A person in an organization. */
export class OrganizationMember {
  @IdField()
  userId: string;

  @NameField()
  name: string;

  @EmailField()
  email: string;

  @NameField({ max: 60, example: 'Member' })
  role: string;

  @ListField(() => ExtraRole)
  extraRoles: ExtraRole[];

  @EnumField(MEMBER_STATUSES)
  status: MemberStatus;

  @JsonField()
  settings: object;

  @TimeField()
  joinedAt: Date;
}

export const OrganizationMemberPage = pageOf(OrganizationMember);

export class MemberChanges extends changesOf(PickType(OrganizationMember, ['role', 'status', 'settings'])) {
  @ListField(() => NewExtraRole, {
    optional: true,
    max: 20,
    description: 'All extra roles; those left out are taken away.',
  })
  extraRoles?: NewExtraRole[];
}

export class MemberQuery extends PageQuery {
  @TextField({
    optional: true,
    min: 1,
    max: 120,
    example: 'ada',
    description: 'The beginning of an address or a name.',
  })
  q?: string;

  @NameField({ optional: true, max: 60, example: 'Member', description: 'Only those whose base role has this name.' })
  role?: string;
}

/** What every member knows of it, without the right to read it. */
export const outline = (organization: OrganizationRow): OrganizationRow =>
  Object.assign(organization, { settings: {}, plan: null, limits: null });

export const showMember = (
  { userId, user, role, status, settings, createdAt, version }: Membership,
  extras: ExtraRoleRow[],
) => ({
  userId,
  name: user.name,
  email: user.email,
  role: role.name,
  extraRoles: extras.map((extra) => ({ role: extra.role.name, expiresAt: extra.expiresAt })),
  status,
  settings: settings as object,
  joinedAt: createdAt,
  version,
});
