import { problem } from '../../../kit/problem';

export const PlanCodeTaken = problem(409, 'plan-code-taken', 'There is a plan of this code already.');
