import type Stripe from 'stripe';
import type { Bill } from '../../port/payment.provider';
import { moneyOf, sum } from './amounts';
import { periodOf, taxesOnTop } from './invoices';
import { timeOf } from './names';

type Sums = Omit<Bill, 'currency' | 'covers'>;

/** The tax of a session is all of it; on top is what the total exceeds the price by. */
export function billOfSession(session: Stripe.Checkout.Session): Bill {
  const { amount_subtotal, amount_total, total_details, currency } = session;
  const [subtotal, total, discount] = [amount_subtotal ?? 0, amount_total ?? 0, total_details?.amount_discount ?? 0];
  const tax = within(total - subtotal + discount, total_details?.amount_tax ?? 0);
  return bill({ subtotal, discount, tax, total, balance: 0, paid: total }, currency);
}

/** A settled invoice of which Stripe took nothing, though it was due, was paid past Stripe. */
export function billOfInvoice(invoice: Stripe.Invoice): Bill {
  const { subtotal, total, amount_due, amount_paid, status, currency } = invoice;
  const tax = sum(taxesOnTop(invoice));
  const discount = sum(discountsOf(invoice));
  const ofItems = within(total - (subtotal - discount + tax), discount); // which the subtotal is without already
  const paid = status === 'paid' ? amount_paid || amount_due : amount_due;
  const period = periodOf(invoice);
  return {
    ...bill({ subtotal: subtotal + ofItems, discount, tax, total, balance: total - amount_due, paid }, currency),
    ...(period && { covers: { from: timeOf(period.start), to: timeOf(period.end) } }),
  };
}

/** Coupons, and what the seller granted before tax. */
function discountsOf({ total_discount_amounts, total_pretax_credit_amounts }: Stripe.Invoice): number[] {
  const granted = (total_pretax_credit_amounts ?? []).filter(({ type }) => type === 'credit_balance_transaction');
  return [...(total_discount_amounts ?? []), ...granted].map(({ amount }) => amount);
}

const within = (amount: number, most: number): number => Math.min(Math.max(amount, 0), most);

function bill(sums: Sums, currency: string | null): Bill {
  const ours = Object.entries(sums).map(([name, amount]) => [name, moneyOf(amount, currency).amount]);
  return { ...(Object.fromEntries(ours) as Sums), currency: moneyOf(0, currency).currency };
}
