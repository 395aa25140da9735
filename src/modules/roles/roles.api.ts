import { PickType } from '@nestjs/swagger';
import { CATALOGUE, type Permission, PERMISSIONS } from '../../access/permissions';
import { changesOf } from '../../http/fields/changes';
import {
  BooleanField,
  EnumField,
  IdField,
  ListField,
  NameField,
  StringsField,
  TextField,
  TimeField,
} from '../../http/fields/fields';
import { pageOf } from '../../http/contract/page';

export class Role {
  @IdField()
  id: string;

  @NameField({ max: 60, example: 'Recruiter' })
  name: string;

  @TextField({ max: 255, example: 'Brings in new people' })
  description: string;

  @BooleanField({
    description: 'Owner, Admin and Member are given in every organization and stay as they are.',
    example: false,
  })
  fixed: boolean;

  @StringsField({ values: PERMISSIONS, example: ['members:read', 'invites:read', 'invites:create'] })
  permissions: Permission[];

  @TimeField()
  createdAt: Date;
}

export const RolePage = pageOf(Role);

export class NewRole extends PickType(Role, ['name', 'permissions']) {
  @TextField({ max: 255, optional: true, example: 'Brings in new people' })
  description?: string;
}

export class RoleChanges extends changesOf(PickType(Role, ['name', 'description', 'permissions'])) {}

export class RoleRemoval {
  @NameField({
    max: 60,
    optional: true,
    example: 'Member',
    description: 'The role that its holders, and those who are invited to it, get instead.',
  })
  reassignTo?: string;
}

/** Something that a role can grant. */
export class PermissionInfo {
  @EnumField(PERMISSIONS)
  name: Permission;

  @TextField({ max: 255, example: 'See the organization' })
  description: string;
}

export class PermissionCatalogue {
  @ListField(() => PermissionInfo, { max: 500 })
  data: PermissionInfo[];
}

export const catalogue = (): PermissionCatalogue => ({
  data: PERMISSIONS.map((name) => ({ name, description: CATALOGUE[name] })),
});
