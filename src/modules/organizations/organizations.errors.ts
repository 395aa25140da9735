import { problem } from '../../kit/problem';

export const SlugTaken = problem(409, 'slug-taken', 'Another organization has this slug.');
export const OwnerProtected = problem(403, 'owner-protected', 'Only an Owner changes or removes an Owner.');
export const SeatsTaken = problem(409, 'seats-taken', 'Every seat of the plan is taken.');
export const AlreadyMember = problem(409, 'already-member', 'This person is a member already.');
