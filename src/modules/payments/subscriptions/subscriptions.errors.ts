import { problem } from '../../../kit/problem';

export const NothingToCancel = problem(409, 'nothing-to-cancel', 'This plan was paid once: nothing is renewed.');
