export const PROVIDERS = ['stripe', 'flutterwave', 'lemonsqueezy'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** `amount` in minor units of an ISO 4217 currency, upper case. */
export type Money = { amount: number; currency: string };

/** What a buyer is sent away to pay for. */
export type CheckoutOrder = {
  paymentId: string; // also the idempotency key: asked twice, the provider makes one checkout where it can
  organizationId: string;
  plan: { code: string; name: string; description: string | null; interval: 'once' | 'month' | 'year' };
  providerRef?: string; // the plan's name over there: what Lemon Squeezy and Flutterwave sell is set up in their dashboards
  quantity: number;
  unitPrice: Money;
  email: string;
  successUrl: string;
  cancelUrl: string;
};

/** `reference` is what the provider calls the checkout, where it gives it a name. */
export type Checkout = { url: string; reference: string | null };

/** A payment as far as we know it; a provider can be asked about it by any of these. */
export type Handle = {
  paymentId?: string;
  checkout?: string | null;
  reference?: string | null;
  subscription?: string | null;
};

/** `paymentId` is ours, where the provider hands it back; without it this is a renewal, known by `reference` and `subscription`. */
export type PaymentFact = {
  kind: 'payment';
  paymentId?: string;
  reference: string | null; // what was paid, as the provider calls it; unknown while a checkout stands open or has expired
  status: 'pending' | 'failed' | 'succeeded';
  money: Money; // the price without taxes that the provider adds on its own account
  subscription?: string;
  reason?: string;
};

/** `refunded` is the sum of all refunds so far, so that facts may come twice and in any order: the greatest holds. */
export type RefundFact = { kind: 'refund'; paymentId?: string; reference: string; refunded: Money };

/** A refund that the bank sent back after it had been reported; the person has to be paid another way. */
export type RefundFailedFact = {
  kind: 'refund-failed';
  paymentId?: string;
  reference: string;
  money: Money;
  reason?: string;
};

export type DisputeFact = { kind: 'dispute'; paymentId?: string; reference: string; money: Money; reason?: string };

/** The state at `at` (ISO 8601): the newest holds, and `canceled` for ever. `paymentId` is the payment that began it. */
export type SubscriptionFact = {
  kind: 'subscription';
  reference: string;
  paymentId?: string;
  status: 'active' | 'past_due' | 'canceled';
  periodEnd: string | null;
  cancelAtPeriodEnd: boolean;
  at: string;
};

export type Fact = PaymentFact | RefundFact | RefundFailedFact | DisputeFact | SubscriptionFact;

/**
 * What a genuine webhook says, in plain data without anything personal. `ask`: its facts are to be had from `lookUp`, because the
 * event names too little, or (Flutterwave) because nothing proves its body.
 */
export type ProviderEvent = { id: string; type: string; facts: Fact[]; ask?: Handle };

export type RefundOrder = {
  refundId: string;
  payment: Handle & { reference: string };
  paid: Money;
  refundedBefore: number; // of `paid`, by earlier refunds: with it a refund that was asked twice is made once, also without idempotency keys
  amount: number;
  reason?: string;
};

export type Headers = Record<string, string | string[] | undefined>;

/** One who takes money for us. Whatever is asked, the answer is facts; the ledger alone decides what follows from them. */
export abstract class PaymentProvider {
  abstract readonly name: ProviderName;
  /** Whether its settings are there. */
  abstract readonly isOn: boolean;

  /** @throws PlanNotOffered, ProviderRefused, ProviderAway */
  abstract createCheckout(order: CheckoutOrder): Promise<Checkout>;

  /** Believes nothing before the signature over these very bytes. @throws BadSignature, ForeignEvent (another store, a test in live mode) */
  abstract readEvent(body: Buffer, headers: Headers): ProviderEvent;

  /** How things stand now; nothing when the provider knows of no payment yet. @throws ProviderRefused, ProviderAway */
  abstract lookUp(payment: Handle): Promise<Fact[]>;

  /** May be asked again after ProviderAway: the money goes back once. @throws ProviderRefused, ProviderAway */
  abstract refund(order: RefundOrder): Promise<Fact[]>;

  /** At the end of the paid period. @throws ProviderRefused, ProviderAway */
  abstract cancelSubscription(reference: string): Promise<Fact[]>;
}
