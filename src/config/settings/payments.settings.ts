import { str } from 'envalid';
import { baseUrl, durationOrNone } from './env-validators';

/** What holds for all payments, and what each provider needs. One whose settings are all unset is off. */
export const paymentSettings = {
  REFUND_WINDOW: durationOrNone({
    default: 0,
    desc: 'how long after paying an organization may refund itself, once, such as 14d; 0: refunds are for platform staff',
  }),
  TEST_PAYMENTS: str({
    choices: ['allowed', 'refused'],
    default: 'refused',
    devDefault: 'allowed',
    desc: 'refused: a test key sells nothing, and test money buys nothing; allowed outside production',
  }),
  STRIPE_SECRET_KEY: str({ default: undefined, desc: 'with STRIPE_WEBHOOK_SECRET: payments through Stripe' }),
  STRIPE_WEBHOOK_SECRET: str({ default: undefined, desc: 'signs the events of POST /payments/stripe/webhook' }),
  STRIPE_API_URL: baseUrl({
    default: 'https://api.stripe.com',
    desc: 'where Stripe is; a proxy or a test may stand in',
  }),
  FLUTTERWAVE_SECRET_KEY: str({
    default: undefined,
    desc: 'with FLUTTERWAVE_WEBHOOK_HASH: payments through Flutterwave',
  }),
  FLUTTERWAVE_WEBHOOK_HASH: str({
    default: undefined,
    desc: 'the secret hash that comes with POST /payments/flutterwave/webhook',
  }),
  FLUTTERWAVE_API_URL: baseUrl({
    default: 'https://api.flutterwave.com',
    desc: 'where Flutterwave is; a proxy or a test may stand in',
  }),
  LEMONSQUEEZY_API_KEY: str({
    default: undefined,
    desc: 'with LEMONSQUEEZY_STORE_ID and LEMONSQUEEZY_WEBHOOK_SECRET: payments through Lemon Squeezy',
  }),
  LEMONSQUEEZY_STORE_ID: str({ default: undefined, desc: 'the store that sells; events of another are refused' }),
  LEMONSQUEEZY_WEBHOOK_SECRET: str({
    default: undefined,
    desc: 'signs the events of POST /payments/lemonsqueezy/webhook',
  }),
  LEMONSQUEEZY_API_URL: baseUrl({
    default: 'https://api.lemonsqueezy.com',
    desc: 'where Lemon Squeezy is; a proxy or a test may stand in',
  }),
};
