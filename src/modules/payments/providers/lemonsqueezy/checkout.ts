import { DAY, fromNow } from '../../../../kit/clock';
import type { CheckoutOrder } from '../port/payment.provider';
import { PlanNotOffered } from '../port/providers.errors';

/**
 * "Create a checkout": one of a variant, at our price for all of the quantity (that of several is not documented to be a product). It is
 * paid once or renews as the variant does. @throws PlanNotOffered
 */
export function checkoutOf({ plan, providerRef, quantity, unitPrice, ...order }: CheckoutOrder, store: string): object {
  if (!providerRef) throw new PlanNotOffered();
  return {
    type: 'checkouts',
    attributes: {
      custom_price: unitPrice.amount * quantity,
      product_options: {
        name: quantity > 1 ? `${plan.name} × ${quantity}` : plan.name,
        ...(plan.description && { description: plan.description }),
        redirect_url: order.successUrl,
        enabled_variants: [Number(providerRef)],
      },
      checkout_options: { discount: false, skip_trial: true }, // a variant's own trial would begin with a bill of 0
      checkout_data: {
        email: order.email,
        custom: { payment_id: order.paymentId, organization_id: order.organizationId },
      },
      expires_at: fromNow(DAY).toISOString(),
      preview: true,
    },
    relationships: {
      store: { data: { type: 'stores', id: store } },
      variant: { data: { type: 'variants', id: providerRef } },
    },
  };
}
