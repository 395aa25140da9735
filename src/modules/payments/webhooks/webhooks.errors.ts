import { problem } from '../../../kit/problem';

export const OtherApiVersion = problem(
  400,
  'other-api-version',
  'This event is of another version of the provider’s API than the one that is read here.',
);
