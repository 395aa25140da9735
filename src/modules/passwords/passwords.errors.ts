import { problem } from '../../kit/errors/problem';

export const WrongPassword = problem(403, 'wrong-password', 'The current password is wrong.');
export const NoPassword = problem(
  409,
  'no-password',
  'This account has no password yet. Set one by a mailed link: POST /auth/reset-password.',
);
export const Busy = problem(503, 'busy', 'Too many sign-ins at this moment. Try again soon.');
