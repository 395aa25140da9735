import { problem } from '../../../kit/problem';

export const LinkDead = problem(410, 'link-dead', 'This link was used or replaced, or it expired. Ask for a new one.', {
  denied: true,
});
