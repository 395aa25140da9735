import { problem } from '../../kit/problem';

export const NotWaiting = problem(
  409,
  'not-waiting',
  'This person is not waiting: not confirmed yet, or invited already.',
);
