import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { showMoney } from '../../src/kit/money';
import { FlutterwaveStandIn } from '../../test/support/providers/flutterwave.stand-in';
import { LemonSqueezyStandIn } from '../../test/support/providers/lemonsqueezy.stand-in';
import { StripeStandIn } from '../../test/support/providers/stripe.stand-in';
import type { Money } from '../../src/modules/payments/providers/port/payment.provider';
import type { App, StandIns } from './app';

type StandIn = StandIns[keyof StandIns];
/** What someone does over there; it answers with what the provider tells of it. */
type Deed = () => object[];

const SECOND = 1_100; // Stripe's moments are seconds: what happens in the same one has no order

/** Buys by the month, and goes on as far as the provider can; says after each step what the app makes of it. */
export async function walk(app: App, standIn: StandIn): Promise<void> {
  const mark = randomBytes(3).toString('hex');
  const larger = `price_larger_${mark}`;
  const plan = { code: `team-${mark}`, name: 'Team', amount: 1900, currency: 'USD', interval: 'month' };
  const { id: planId } = await app.call('POST', '/plans', {
    ...plan,
    limits: { seats: 5 },
    providerRefs: refsAt(standIn),
  });
  const company = { ...plan, code: `company-${mark}`, name: 'Company', amount: 4900, limits: { seats: 50 } };
  await app.call('POST', '/plans', { ...company, providerRefs: { stripe: larger } });
  const back = { successUrl: `${app.url}/docs`, cancelUrl: `${app.url}/docs` };
  const { checkoutUrl } = await app.call('POST', `/payments/${standIn.name}`, { planId, ...back });

  const step = async (title: string, deed: Deed) => {
    console.log(`\n  ${title}`);
    for (const event of deed()) await standIn.deliver(event as never, standIn.tell!);
    console.log(await seenIn(app));
    await pause(SECOND);
  };
  await step('A plan by the month is bought.', () => standIn.pay(checkoutUrl));
  if (standIn instanceof StripeStandIn) return walkStripe(standIn, checkoutUrl, larger, step);
  await step('It is renewed.', () => standIn.renew(checkoutUrl));
  console.log(
    `\n  Coupons, a portal that changes plans, and disputes: ${standIn.name} tells us of none that could be shown.`,
  );
}

async function walkStripe(
  stripe: StripeStandIn,
  url: string,
  larger: string,
  step: (title: string, deed: Deed) => Promise<void>,
): Promise<void> {
  const { changes, subscriptions } = stripe.books;
  const one = stripe.subscription(url);
  const coupon = { percentOff: 25 };
  const cheaper = () => [...subscriptions.agree(one, { coupon }), ...stripe.renew(url)];
  await step('It gets a coupon, and is renewed at three quarters of the price.', cheaper);
  await step('The buyer takes two in the portal.', () => changes.change(one, { quantity: 2, prorate: 'at-once' }));
  const company = { price: larger, amount: 4900, quantity: 1, prorate: 'at-once' } as const;
  await step('The buyer takes the larger plan in the portal.', () => changes.change(one, company));
  await step('The last payment is disputed.', () => stripe.dispute(url, { latest: true }));
  await step('The dispute is won.', () => stripe.closeDispute(url, 'won'));
}

function refsAt(standIn: StandIn): object {
  if (standIn instanceof LemonSqueezyStandIn) return { lemonsqueezy: standIn.variant('month') };
  const plan = { amount: 19, currency: 'USD', interval: 'monthly' } as const;
  return standIn instanceof FlutterwaveStandIn ? { flutterwave: standIn.plan(plan) } : {};
}

async function seenIn(app: App): Promise<string> {
  const [{ plan, limits }] = (await app.call('GET', '/organizations')).data;
  const { data } = await app.call('GET', '/payments');
  const payments = data.map((one: Money & { status: string }) => `${showMoney(one)} ${one.status}`).toReversed();
  return `  The plan is ${plan}, ${JSON.stringify(limits)}. Payments: ${payments.join(', ')}.`;
}
