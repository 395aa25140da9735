import { BooleanField, IdField, CountField, ShapeField, UrlField } from '../../../http/fields/fields';
import { Payment } from '../ledger/payments.api';

const ADDRESS = { min: 1, max: 2000 };

export class NewCheckout {
  @IdField({ description: 'The price is the plan’s.' })
  planId: string;

  @CountField({ min: 1, max: 1000, optional: true, description: '1 unless said. Limits of the plan count for each.' })
  quantity?: number;

  @UrlField({
    ...ADDRESS,
    example: 'http://127.0.0.1:3000/billing/thanks',
    description: 'Where the buyer comes back to: a page of APP_URL or of one of REDIRECT_ORIGINS.',
  })
  successUrl: string;

  @UrlField({ ...ADDRESS, example: 'http://127.0.0.1:3000/billing', description: 'The same, without having paid.' })
  cancelUrl: string;

  @BooleanField({
    optional: true,
    description:
      'For an organization that is on a plan: it buys another in its place. Once that is paid, the one before ends and is charged ' +
      'no more.',
  })
  replace?: boolean;
}

export class Checkout {
  @ShapeField(() => Payment)
  payment: Payment;

  @UrlField({
    max: 4000,
    example: 'https://checkout.stripe.com/c/pay/cs_test_a1',
    description: 'Send the buyer there.',
  })
  checkoutUrl: string;
}
