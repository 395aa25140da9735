import { problem } from '../../kit/problem';

export const RoleNameTaken = problem(
  409,
  'role-name-taken',
  'This organization has a role of that name already, or of one that reads like it.',
);
export const RoleFixed = problem(409, 'role-fixed', 'Owner, Admin and Member cannot be changed or deleted.');
export const RoleInUse = problem(
  409,
  'role-in-use',
  'Someone holds this role, or is invited to it: name another with ?reassignTo=.',
);
export const RoleUnknown = problem(422, 'role-unknown', 'This organization has no role of that name.');
export const GrantsTooMuch = problem(403, 'grants-too-much', 'Nobody grants what they do not hold.');
export const HoldsMore = problem(403, 'holds-more', 'Nobody acts on somebody who holds more than they do.');
