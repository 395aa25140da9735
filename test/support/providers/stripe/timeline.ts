import type { Invoices } from './invoices';
import type { Subscriptions } from './subscriptions';
import type { StripeEvent, Thing, Things } from './things';

type Moment = { at: number; happens: () => StripeEvent[] };
/** What Stripe does when every retry was declined: the seller has set that over there. */
export type AfterRetries = 'canceled' | 'unpaid' | 'past_due';

/** What happens at Stripe by itself as time goes on: periods end, cards are tried again, subscriptions end on their day. */
export class Timeline {
  afterRetries: AfterRetries = 'canceled';

  constructor(
    private readonly things: Things,
    private readonly invoices: Invoices,
    private readonly subscriptions: Subscriptions,
  ) {}

  /** Everything until then, in its order; each event is of its own moment. @param until in seconds */
  run(until: number, only?: Thing): StripeEvent[] {
    const events: StripeEvent[] = [];
    const { at } = this.things;
    for (let moment = this.first(until, only); moment; moment = this.first(until, only)) {
      this.things.at = moment.at;
      events.push(...moment.happens());
    }
    this.things.at = at;
    return events;
  }

  private first(until: number, only?: Thing): Moment | undefined {
    const moments = (only ? [only] : this.things.all('subscription')).flatMap((subscription) =>
      this.momentsOf(subscription),
    );
    return moments.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  }

  private momentsOf(subscription: Thing): Moment[] {
    const { status, cancel_at: cancelAt } = subscription;
    if (['canceled', 'incomplete_expired', 'incomplete', 'paused'].includes(status)) return [];
    const end = Math.min(...subscription.items.data.map((item: Thing) => item.current_period_end));
    const over = { at: cancelAt, happens: () => this.subscriptions.end(subscription) };
    const period = cancelAt !== null && cancelAt <= end ? over : { at: end, happens: () => this.renew(subscription) };
    const due = this.invoices.openOf(subscription).filter((invoice) => invoice.next_payment_attempt !== null);
    return [
      ...(subscription.pause_collection ? [] : due.map((invoice) => this.attempt(subscription, invoice))),
      period,
    ];
  }

  private attempt = (subscription: Thing, invoice: Thing): Moment => ({
    at: invoice.next_payment_attempt,
    happens: () => this.collect(subscription, invoice),
  });

  private renew(subscription: Thing): StripeEvent[] {
    const invoice = this.subscriptions.advance(subscription);
    const behavior = subscription.pause_collection?.behavior;
    const kept = { void: 'void', keep_as_draft: 'draft', mark_uncollectible: 'uncollectible' } as const;
    if (behavior) this.invoices.shelve(invoice, kept[behavior as keyof typeof kept]);
    else if (subscription.status === 'unpaid') this.invoices.shelve(invoice, 'draft');
    else return this.collect(subscription, invoice);
    return [this.subscriptions.tell('updated', subscription)];
  }

  collect(subscription: Thing, invoice: Thing): StripeEvent[] {
    const { card } = this.things.get(subscription.customer)!.terms;
    return card === 'good' || invoice.amount_due === 0
      ? this.subscriptions.collected(subscription, invoice)
      : this.subscriptions.declined(subscription, invoice, this.afterRetries);
  }
}
