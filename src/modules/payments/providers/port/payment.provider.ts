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

/** `reference` is what the provider calls the checkout, where it gives it a name. `live`: real money will move. */
export type Checkout = { url: string; reference: string | null; live: boolean };

/** A payment as far as we know it; a provider can be asked about it by any of these. */
export type Handle = {
  paymentId?: string;
  checkout?: string | null;
  reference?: string | null;
  subscription?: string | null;
  /** Who was sent to pay and when (ISO 8601), for a provider that hands no name of ours back when it is asked. */
  buyer?: { email: string; since: string };
};

/**
 * What a provider billed, in minor units of one currency, all of the quantity together: `total = subtotal - discount + tax`,
 * `paid = total - balance`. As the provider says it: whether it adds up is for the ledger to judge.
 */
export type Bill = {
  currency: string;
  subtotal: number; // the price, before discounts
  discount: number;
  tax: number; // what was added on top; tax that the price contains is 0 here
  total: number;
  balance: number; // paid out of a credit that the buyer had over there
  paid: number; // what was taken, or is to be taken
  covers?: { from: string; to: string }; // ISO 8601; the period of the renewing item, where the bill names one
};

/** What a subscription or a bill is for, as the provider calls it. `unitAmount` in minor units; null where the provider does not say. */
export type Item = { price: string; quantity: number; unitAmount: number | null; interval: 'month' | 'year' | null };

/** `paymentId` is ours, where the provider hands it back; without it this is a renewal, known by `reference` and `subscription`. */
export type PaymentFact = {
  kind: 'payment';
  paymentId?: string;
  reference: string | null; // what was paid, as the provider calls it; unknown while a checkout stands open or has expired
  status: 'pending' | 'failed' | 'succeeded'; // a settled bill of 0 has succeeded
  bill: Bill;
  items?: Item[];
  at?: string; // when it was charged, where the provider says so
  subscription?: string;
  among?: string[]; // the subscriptions of which it may be, where the provider names none and several fit
  reason?: string;
};

/** A payment over there that looks as though it were ours, and that nothing proves to be: for a person to decide. */
export type LikelyFact = { kind: 'likely'; paymentId: string; reference: string; bill: Bill };

/** Where a refund is known by sums alone: `refunded` is the money given back of `reference` so far, of what was paid; the greatest holds. */
export type RefundFact = { kind: 'refund'; paymentId?: string; reference: string; refunded: Money };

/** A refund that has a name over there, `refund`; `returned`: the bank sent it back, the person has to be paid another way. */
export type RefundStateFact = {
  kind: 'refund-state';
  paymentId?: string;
  reference: string;
  refund: string;
  refundId?: string; // ours, where we asked for it
  money: Money;
  status: 'pending' | 'succeeded' | 'returned'; // only ever moves to the right
  reason?: string;
};

/** `lost` for what a provider itself found fraudulent. Inquiries, which take no money, are none. */
export type DisputeFact = {
  kind: 'dispute';
  paymentId?: string;
  reference: string;
  dispute: string; // its name over there
  money: Money;
  state: 'open' | 'won' | 'lost'; // won and lost are final
  reason?: string;
};

/** The state at `at` (ISO 8601): the newest holds, and `canceled` for ever. `paymentId` is the payment that began it. */
export type SubscriptionFact = {
  kind: 'subscription';
  reference: string;
  paymentId?: string;
  order?: string; // the `reference` of the payment that began it, where the provider names that and hands `paymentId` back from whoever opened the checkout
  status: 'active' | 'past_due' | 'paused' | 'canceled'; // paused: it stands, and nothing is collected
  periodEnd: string | null;
  cancelAt: string | null; // when it ends by itself; null: it renews, or (Flutterwave) `renews` is false and no day is said
  renews: boolean;
  items?: Item[];
  at: string;
};

export type Fact = PaymentFact | LikelyFact | RefundFact | RefundStateFact | DisputeFact | SubscriptionFact;

/**
 * What a genuine webhook says, in plain data without anything personal. `ask`: its facts are to be had from `lookUp`, because the
 * event names too little, or (Flutterwave) because nothing proves its body. `strange`: genuine, and of a kind that we should have been able
 * to read: another API version's.
 */
export type ProviderEvent = { id: string; type: string; facts: Fact[]; ask?: Handle; strange?: 'other-api-version' };

export type RefundOrder = {
  refundId: string;
  payment: Handle & { reference: string };
  paid: Money;
  refundedBefore: number; // of `paid`, by refunds that went before: with it a refund that was asked twice is made once, also without idempotency keys
  amount: number;
  reason?: string;
};

export type Headers = Record<string, string | string[] | undefined>;

/** One who takes money for us. Whatever is asked, the answer is facts; the ledger alone decides what follows from them. */
export abstract class PaymentProvider {
  abstract readonly name: ProviderName;
  /** Whether its settings are there. */
  abstract readonly isOn: boolean;
  /** Whether its key moves real money; null where only an answer tells. */
  abstract readonly isLive: boolean | null;
  /** Whether it is the seller before the law: it owes the tax, and sends the buyer its own invoice. */
  readonly isMerchantOfRecord: boolean = false;

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

  /**
   * Now, with nothing collected any more: what is open is voided. Lemon Squeezy can only stop renewing. May be asked again; one that has
   * ended already is no error. @throws ProviderRefused, ProviderAway
   */
  abstract endSubscription(reference: string): Promise<Fact[]>;
}
