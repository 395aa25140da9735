import { problem } from '../../kit/problem';

export const InvitePending = problem(409, 'invite-pending', 'This person has an open invite already.');
export const InviteClosed = problem(
  410,
  'invite-closed',
  'This invite was accepted, declined or taken back, or it is void.',
);
export const InviteExpired = problem(410, 'invite-expired', 'This invite has expired. Ask for a fresh one.');
export const InviteReplaced = problem(
  410,
  'invite-replaced',
  'A newer link was mailed in place of this one. Follow that.',
);
export const InviteForAnother = problem(403, 'invite-for-another', 'This invite was sent to another address.');
