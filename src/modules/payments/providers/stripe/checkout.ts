import type Stripe from 'stripe';
import type { CheckoutOrder } from '../port/payment.provider';
import { toStripe } from './facts/amounts';

/** The price goes along whole: nothing that was set up over there can change it. */
export function sessionOf({ plan, unitPrice, quantity, ...order }: CheckoutOrder): Stripe.Checkout.SessionCreateParams {
  const metadata = { payment_id: order.paymentId, organization_id: order.organizationId };
  const isOnce = plan.interval === 'once';
  const price_data = {
    currency: unitPrice.currency.toLowerCase(),
    unit_amount: toStripe(unitPrice),
    product_data: { name: plan.name, ...(plan.description && { description: plan.description }) },
    ...(plan.interval !== 'once' && { recurring: { interval: plan.interval } }),
  };
  return {
    mode: isOnce ? 'payment' : 'subscription',
    client_reference_id: order.paymentId,
    customer_email: order.email,
    line_items: [{ price_data, quantity }],
    success_url: order.successUrl,
    cancel_url: order.cancelUrl,
    metadata,
    adaptive_pricing: { enabled: false }, // else the buyer's bank may be charged in a currency that is not the plan's
    ...(isOnce ? { payment_intent_data: { metadata } } : { subscription_data: { metadata } }),
  };
}
