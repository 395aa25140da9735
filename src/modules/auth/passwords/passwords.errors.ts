import { problem } from '../../../kit/problem';

export const WrongPassword = problem(403, 'wrong-password', 'The current password is wrong.');
export const WrongMailCode = problem(
  403,
  'wrong-mail-code',
  'This code is wrong, used, replaced or too old, or was mailed for another session. Ask for a new one.',
);
export const ProofRequired = problem(
  403,
  'proof-required',
  'Prove that it is you, not someone with your session: send your currentPassword, or the mailCode of POST /auth/step-up/mail-code.',
);
export const NoPassword = problem(
  409,
  'no-password',
  'This account has no password yet. Set one by a mailed link: POST /auth/reset-password.',
);
export const Busy = problem(503, 'busy', 'Too many sign-ins at this moment. Try again soon.');
