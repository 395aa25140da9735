import type { Thing, Things } from './things';

export const PINNED = '2026-10-28.endive';
/** The two before it say what we read as it does; acacia is the last that wrote invoices otherwise, and 2022-11-15 said still less. */
export const VERSIONS = [PINNED, '2026-08-26.dahlia', '2026-02-25.clover', '2024-12-18.acacia', '2022-11-15'] as const;
export type Version = (typeof VERSIONS)[number];

const OLD: Version[] = ['2024-12-18.acacia', '2022-11-15'];

/** How a thing of today is written in an older version of the API. */
export function inVersion(version: Version, thing: Thing, things: Things): Thing {
  if (!OLD.includes(version)) return thing;
  if (thing.object === 'invoice') return olderInvoice(thing, version === '2022-11-15', things);
  return thing.object === 'subscription' ? olderSubscription(thing) : thing;
}

function olderInvoice({ parent, total_taxes, ...invoice }: Thing, isOldest: boolean, things: Things): Thing {
  const { subscription = null, metadata = null } = parent?.subscription_details ?? {};
  const [payment] = things.of('invoice_payment', 'invoice', invoice.id);
  const intent = payment?.payment.payment_intent ?? null;
  return {
    ...invoice,
    id: invoice.id,
    subscription,
    ...(!isOldest && { subscription_details: { metadata } }),
    paid: invoice.status === 'paid',
    paid_out_of_band: invoice.status === 'paid' && invoice.amount_due > 0 && !payment,
    payment_intent: intent,
    charge: intent && things.get(intent)?.latest_charge,
    total_tax_amounts: (total_taxes ?? []).map(({ amount, tax_behavior }: Thing) => ({
      amount,
      inclusive: tax_behavior === 'inclusive',
      tax_rate: 'txr_1',
    })),
    lines: { ...invoice.lines, data: invoice.lines.data.map((line: Thing) => olderLine(line, subscription)) },
  };
}

function olderLine({ parent, pricing, taxes: _taxes, subtotal: _subtotal, ...line }: Thing, subscription: unknown) {
  const details = parent.subscription_item_details ?? parent.invoice_item_details;
  return {
    ...line,
    type: parent.type === 'subscription_item_details' ? 'subscription' : 'invoiceitem',
    proration: details.proration,
    subscription,
    subscription_item: details.subscription_item,
    price: { id: pricing.price_details.price, object: 'price' },
  };
}

/** The period was the subscription's. */
function olderSubscription(subscription: Thing): Thing {
  const [first] = subscription.items.data;
  const { current_period_start, current_period_end } = first;
  const data = subscription.items.data.map(
    ({ current_period_start: _from, current_period_end: _to, ...item }: Thing) => item,
  );
  return { ...subscription, current_period_start, current_period_end, items: { ...subscription.items, data } };
}
