import { problem } from '../../../kit/problem';

export const EmailUnvouched = problem(
  403,
  'email-unvouched',
  'The provider does not say that this address is proved to be yours. Sign up by e-mail, then link the provider.',
);
export const AlreadyLinked = problem(409, 'already-linked', 'This identity is linked to an account already.');
export const IdentityReplaced = problem(
  409,
  'identity-replaced',
  'Your account is linked to another identity at this provider. Sign in another way, then link this one.',
);
export const LastWayIn = problem(
  409,
  'last-way-in',
  'Nothing else signs you in: set a password or link another provider first.',
);
