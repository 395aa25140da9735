import { newName } from '../stand-in';
import { example } from '../stripe.schema';
import type { Rhythm } from './periods';
import type { Money, Thing } from './things';

export type Sold = Money & { quantity: number; interval: Rhythm };

/** An item of a price that was made for it. */
export function itemOf(
  subscription: string,
  { amount, currency, quantity, interval }: Sold,
  { start, end }: { start: number; end: number },
): Thing {
  const recurring = { interval, interval_count: 1, meter: null, usage_type: 'licensed', trial_period_days: null };
  const of = {
    unit_amount: amount,
    unit_amount_decimal: String(amount),
    currency,
    recurring,
    transform_quantity: null,
  };
  const price = { ...example('price'), id: newName('price'), ...of };
  const period = { current_period_start: start, current_period_end: end };
  return {
    ...(example('subscription') as any).items.data[0],
    id: newName('si'),
    subscription,
    price,
    plan: null,
    quantity,
    ...period,
  };
}
