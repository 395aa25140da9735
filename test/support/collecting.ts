/** Of a provider, what it would still collect for a subscription: a model of one here, a stand-in where it is asked through HTTP. */
export interface Collecting {
  /** How many bills it would still try to collect for it, until then. */
  wouldCollect(subscription: string, until: Date): number;
}

type Message = { topic: string; paymentId?: string; reference?: string | null };

/**
 * What a provider does that hears nothing but what we tell it: a subscription renews each month, and what is open is tried again; at
 * the end of a period it stops renewing, ended it stops collecting.
 */
export class CollectingModel implements Collecting {
  private readonly stopped = new Map<string, 'renewing' | 'collecting'>();

  /** @param nameOf what it calls the subscription that a payment began */
  constructor(private readonly nameOf: (paymentId: string) => string) {}

  hear({ topic, paymentId, reference }: Message): void {
    const name = reference ?? this.nameOf(paymentId!);
    if (topic === 'subscription.ends-now') this.stopped.set(name, 'collecting');
    if (topic === 'subscription.renews-no-more' && !this.stopped.has(name)) this.stopped.set(name, 'renewing');
  }

  /** It ended by itself. */
  end(subscription: string): void {
    this.stopped.set(subscription, 'collecting');
  }

  wouldCollect(subscription: string): number {
    const stopped = this.stopped.get(subscription);
    if (stopped === 'collecting') return 0;
    return stopped === 'renewing' ? 1 : 13; // what is open; and each month of the year ahead
  }
}
