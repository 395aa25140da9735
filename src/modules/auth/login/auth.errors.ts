import { problem } from '../../../kit/problem';

export const WrongCredentials = problem(401, 'wrong-credentials', 'The address or the password is wrong.');
export const AccountSuspended = problem(403, 'account-suspended', 'This account is suspended.');
export const SignupClosed = problem(403, 'signup-closed', 'Sign-up is by invite only.');
export const PasswordNeeded = problem(
  409,
  'password-needed',
  'This account was set up on another device: its password is needed, or a new one.',
);
