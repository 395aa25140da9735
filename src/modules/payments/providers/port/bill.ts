import type { Bill, Money } from './payment.provider';

/** A bill that says what was paid and nothing else: no discount, no tax on top, no credit. */
export const plainBill = ({ amount, currency }: Money): Bill => ({
  currency,
  subtotal: amount,
  discount: 0,
  tax: 0,
  total: amount,
  balance: 0,
  paid: amount,
});
