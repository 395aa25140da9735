import { newName } from '../stand-in';
import type { Thing } from './things';

export type Coupon = { percentOff?: number; amountOff?: number };
export type Tax = { percent: number; behavior: 'inclusive' | 'exclusive' };
export type Line = {
  amount: number;
  quantity: number;
  price: string;
  start: number;
  end: number;
  proration: boolean;
  item?: string; // the subscription's, of which it is; without one someone wrote it by hand
};

type Asked = { lines: Line[]; coupon?: Coupon; tax?: Tax; startingBalance: number };
const sum = (amounts: number[]): number => amounts.reduce((all, one) => all + one, 0);

/** What an invoice says about money: the coupon is for what is not prorated, tax is on what is left, then the customer's balance is used up. */
export function reckon({ lines, coupon, tax, startingBalance }: Asked) {
  const subtotal = sum(lines.map(({ amount }) => amount));
  const discountable = sum(lines.filter(({ proration }) => !proration).map(({ amount }) => amount));
  const discount = coupon ? Math.min(discountable, discountOf(coupon, discountable)) : 0;
  const onTop = tax?.behavior === 'exclusive' ? part(subtotal - discount, tax.percent) : 0;
  const taxed = subtotal - discount - (tax ? Math.round((subtotal - discount) / (1 + tax.percent / 100)) : 0);
  const total = subtotal - discount + onTop;
  const due = Math.max(0, total + startingBalance);
  return {
    subtotal,
    total,
    total_discount_amounts: discount ? [{ amount: discount, discount: 'di_1' }] : [],
    total_taxes: tax ? [taxOf(tax, tax.behavior === 'exclusive' ? onTop : taxed)] : [],
    starting_balance: startingBalance,
    ending_balance: total + startingBalance - due,
    amount_due: due,
    amount_remaining: due,
  };
}

const part = (amount: number, percent: number): number => Math.round((amount * percent) / 100);
const discountOf = ({ percentOff = 0, amountOff = 0 }: Coupon, amount: number): number =>
  part(amount, percentOff) + amountOff;

const taxOf = ({ behavior }: Tax, amount: number) => ({
  amount,
  tax_behavior: behavior,
  tax_rate_details: { tax_rate: 'txr_1' },
  taxability_reason: 'standard_rated',
  taxable_amount: null,
  type: 'tax_rate_details',
});

/** A line as an invoice shows it. */
export function lineOf({ amount, quantity, price, start, end, proration, item }: Line, subscription: Thing): Thing {
  const details = {
    invoice_item: null,
    proration,
    proration_details: { credited_items: null },
    subscription: subscription.id,
  };
  const parent = item
    ? {
        type: 'subscription_item_details',
        subscription_item_details: { ...details, subscription_item: item },
        invoice_item_details: null,
      }
    : {
        type: 'invoice_item_details',
        invoice_item_details: { ...details, invoice_item: newName('ii') },
        subscription_item_details: null,
      };
  return {
    id: newName('il'),
    object: 'line_item',
    amount,
    subtotal: amount,
    currency: subscription.currency,
    discountable: !proration,
    metadata: item ? subscription.metadata : {},
    parent,
    period: { start, end },
    pricing: { type: 'price_details', price_details: { price, product: 'prod_1' }, unit_amount_decimal: null },
    quantity,
  };
}
