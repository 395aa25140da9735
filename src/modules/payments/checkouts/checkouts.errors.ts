import { problem } from '../../../kit/problem';

export const AlreadySubscribed = problem(
  409,
  'already-subscribed',
  'This organization is on a plan already: say `replace` to buy another in its place.',
);
