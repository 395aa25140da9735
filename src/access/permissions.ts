/** Everything that a role can grant inside an organization: `<resource>:<action>` and what it lets a person do. Routes name one with @Allow. */
export const CATALOGUE = {
  'organization:read': 'See the organization',
  'organization:update': 'Change its name, slug and settings',
  'organization:delete': 'Delete the organization and all that it holds',
  'members:read': 'See who belongs to it',
  'members:update': "Change members' roles, status and settings",
  'members:remove': 'Remove members',
  'roles:read': 'See its roles and what they grant',
  'roles:write': 'Make, change and delete custom roles',
  'invites:read': 'See open invites',
  'invites:create': 'Invite people, and send invites again',
  'invites:revoke': 'Take invites back',
  'content:read': 'See pages, drafts included',
  'content:write': 'Write, change and delete pages',
  'content:publish': 'Publish pages, and take them back',
  'blog:read': 'See blog posts, drafts included',
  'blog:write': 'Write, change and delete blog posts',
  'blog:publish': 'Publish blog posts, now or later, and take them back',
  'waitlist:read': 'See who waits in line',
  'waitlist:write': 'Invite from the waiting list, and take people off it',
  'billing:read': 'See payments and the subscription, and be mailed about them',
  'billing:write': 'Pay, and cancel the subscription',
  'messages:send': 'Send mails, and write again to addresses that were suppressed',
  'messages:read': 'See which mails were sent, and what became of them',
  'templates:read': 'See the templates of mails',
  'templates:write': 'Write, change and delete templates of mails',
  'activity:read': 'Read the activity log',
} as const;

export type Permission = keyof typeof CATALOGUE;
export const PERMISSIONS = Object.keys(CATALOGUE) as Permission[];

/** The roles that every organization has. What they grant is code, so that a new permission reaches every organization at once. */
export const FIXED_ROLES = {
  Owner: PERMISSIONS,
  Admin: PERMISSIONS.filter((permission) => permission !== 'organization:delete'),
  Member: ['organization:read', 'members:read', 'roles:read', 'content:read', 'blog:read'],
} as const satisfies Record<string, readonly Permission[]>;

export type FixedRole = keyof typeof FIXED_ROLES;
export const isFixedRole = (name: string): name is FixedRole => Object.hasOwn(FIXED_ROLES, name);

/** The permissions that a list of grants adds up to; each grant is a permission or the name of a fixed role. */
export const permissionsFrom = (grants: readonly string[]): Set<Permission> =>
  new Set(
    grants.flatMap((grant): readonly Permission[] =>
      isFixedRole(grant) ? FIXED_ROLES[grant] : isPermission(grant) ? [grant] : [],
    ),
  );

const grants = (): string[] => [...Object.keys(FIXED_ROLES), ...PERMISSIONS];

/** The grants that this permission is a part of. */
export const grantsOf = (permission: Permission): string[] =>
  grants().filter((grant) => permissionsFrom([grant]).has(permission));

/** The grants that add up to more than these permissions do. */
export const grantsBeyond = (held: ReadonlySet<Permission>): string[] =>
  grants().filter((grant) => [...permissionsFrom([grant])].some((permission) => !held.has(permission)));

const isPermission = (name: string): name is Permission => Object.hasOwn(CATALOGUE, name);

/** What the people who run the platform may do, across organizations. Routes name one with @Staff. */
export const STAFF_ROLES = {
  admin: [
    'users:read',
    'users:write',
    'users:export',
    'organizations:read',
    'organizations:write',
    'versions:write',
    'plans:write',
    'payments:read',
    'payments:write',
  ],
  support: ['users:read', 'organizations:read', 'payments:read'],
} as const;

export type StaffRole = keyof typeof STAFF_ROLES;
export type StaffPermission = (typeof STAFF_ROLES)['admin'][number];

/** The staff roles that grant this. */
export const staffRolesWith = (permission: StaffPermission): StaffRole[] =>
  (Object.keys(STAFF_ROLES) as StaffRole[]).filter((role) =>
    (STAFF_ROLES[role] as readonly string[]).includes(permission),
  );
export const isStaffRole = (name: unknown): name is StaffRole =>
  typeof name === 'string' && Object.hasOwn(STAFF_ROLES, name);
