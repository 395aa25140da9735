/** What is read of JSON:API resources of Lemon Squeezy. Amounts are in cents of `currency`, with tax where nothing else is said. */
export type Resource<Attributes = unknown> = { type: string; id: string; attributes: Attributes };
export type Document<Attributes> = { data: Resource<Attributes>; included?: Resource[] };
export type Listed<Attributes> = { data: Resource<Attributes>[]; included?: Resource[] };

/** What an order and a subscription's invoice have in common. */
export type Billed = {
  store_id: number;
  status: string;
  currency: string;
  subtotal: number;
  discount_total: number;
  tax: number; // which Lemon Squeezy owes, as the merchant of record
  tax_inclusive: boolean;
  total: number;
  refunded_amount: number; // in all
  created_at: string;
};

export type Order = Billed & { first_order_item?: { variant_id: number; quantity: number; price: number } | null };

export type Invoice = Billed & { subscription_id: number; billing_reason: string; updated_at: string };

export type Subscription = {
  store_id: number;
  order_id: number;
  variant_id: number;
  status: string;
  pause: { resumes_at?: string | null } | null;
  renews_at: string | null;
  ends_at: string | null;
  updated_at: string;
  first_subscription_item: { quantity: number } | null; // none in a trial
};

export type Checkout = {
  url: string;
  variant_id: number;
  test_mode: boolean;
  preview: { currency: string; subtotal: number; total: number };
};
