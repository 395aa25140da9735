import { limitsFor, type Plan, refOf } from '../../plans/plan.entity';
import type { Item, ProviderName } from '../../providers/port/payment.provider';
import type { Terms } from './subscription.entity';

/**
 * The terms that a subscription is billed by, of what was ordered and what its provider says that it bills. A price that a plan of
 * ours names is that plan; the price that was ordered, by its name or its sum, is what was ordered. Null: nobody here knows the price.
 */
export function termsOf(items: Item[], sold: Terms, plans: Plan[], provider: ProviderName): Terms | null {
  for (const item of items) {
    const named = plans.filter((plan) => isNamed(plan, item, provider));
    const isSold = named.length > 0 ? named.some(({ code }) => code === sold.plan) : isOrdered(item, sold, provider);
    if (isSold) return ofSold(item, sold, provider);
    const [cheapest] = named.toSorted((a, b) => a.amount - b.amount); // one price for several plans gives the least of them
    if (cheapest) return ofPlan(item, cheapest);
  }
  return null;
}

const isNamed = (plan: Plan, { price }: Item, provider: ProviderName): boolean =>
  plan.kind === 'plan' && plan.interval !== 'once' && refOf(plan, provider) === price;

const isOrdered = ({ price, unitAmount, interval }: Item, sold: Terms, provider: ProviderName): boolean =>
  price === sold.price ||
  (unitAmount !== null &&
    unitAmount * soldAs(sold, provider) === sold.amount &&
    (interval ?? sold.interval) === sold.interval);

/** Lemon Squeezy sells one of a variant, at the price of all. */
const soldAs = ({ quantity }: Terms, provider: ProviderName): number => (provider === 'lemonsqueezy' ? 1 : quantity);

function ofSold({ price, quantity, unitAmount }: Item, sold: Terms, provider: ProviderName): Terms {
  const theirs = soldAs(sold, provider);
  const perUnit = Object.entries(sold.limits as Record<string, number>).map(([name, limit]) => [name, limit / theirs]);
  return {
    ...sold,
    price,
    quantity: (sold.quantity / theirs) * quantity,
    amount: (unitAmount ?? sold.amount / theirs) * quantity,
    limits: limitsFor(Object.fromEntries(perUnit) as Record<string, number>, quantity),
  };
}

const ofPlan = ({ price, quantity, unitAmount }: Item, plan: Plan): Terms => ({
  plan: plan.code,
  planName: plan.name,
  interval: plan.interval,
  limits: limitsFor(plan.limits as Record<string, number>, quantity),
  price,
  quantity,
  amount: (unitAmount ?? plan.amount) * quantity,
});
