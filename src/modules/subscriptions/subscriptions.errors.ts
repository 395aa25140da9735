import { problem } from '../../kit/errors/problem';

export const NothingToCancel = problem(409, 'nothing-to-cancel', 'This plan was paid once: nothing is renewed.');
export const PlanInForce = problem(
  409,
  'plan-in-force',
  'Another plan is in force: give this money back, or end that plan first.',
);
