import { problem } from '../../../kit/problem';

export const TooManyStreams = problem(429, 'too-many-streams', 'You have ten streams open already. Close one.');
export const TooManyStreamsHere = problem(
  429,
  'too-many-streams-here',
  'Too many streams are open from your network. Try again later.',
);
