import { problem } from '../../kit/errors/problem';

export const RefreshInvalid = problem(
  401,
  'refresh-invalid',
  'This refresh token is used, expired or revoked. Sign in again.',
);
