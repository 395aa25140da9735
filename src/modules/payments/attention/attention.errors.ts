import { problem } from '../../../kit/problem';

export const AlreadyResolved = problem(409, 'already-resolved', 'Someone has decided this already.');
export const PlanInForce = problem(
  409,
  'plan-in-force',
  'Another plan is in force: give this money back, or end that plan first.',
);
export const NothingToRefund = problem(409, 'nothing-to-refund', 'There is no sum in this that could go back.');
