import { problem } from '../../../kit/problem';

export const RefundBySeller = problem(
  403,
  'refund-by-seller',
  'Giving money back is the seller’s: ask whoever runs this service.',
);
export const NotPaid = problem(409, 'not-paid', 'This payment has not succeeded: there is nothing to give back.');
export const RefundTooLarge = problem(409, 'refund-too-large', 'That is more than is left of this payment.');
