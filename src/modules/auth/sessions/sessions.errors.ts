import { problem } from '../../../kit/problem';

export const RefreshInvalid = problem(
  401,
  'refresh-invalid',
  'This refresh token is used, expired or revoked. Sign in again.',
);
export const SignInOvertaken = problem(
  401,
  'sign-in-overtaken',
  'The account was changed while you signed in. Try again.',
);
