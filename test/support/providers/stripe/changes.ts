import { newName } from '../stand-in';
import type { Invoices } from './invoices';
import { itemOf } from './items';
import { next, type Rhythm } from './periods';
import type { Line } from './pricing';
import type { Subscriptions } from './subscriptions';
import type { StripeEvent, Thing, Things } from './things';

type Change = {
  quantity?: number;
  amount?: number;
  interval?: Rhythm;
  /** A price that exists, such as one of a plan; without it one is made. */
  price?: string;
  prorate?: 'at-once' | 'later' | 'none';
};
const periodEnd = ({ items }: Thing): number => Math.max(...items.data.map((item: Thing) => item.current_period_end));

/** What a buyer changes in the portal, and a seller in the dashboard. */
export class Changes {
  constructor(
    private readonly things: Things,
    private readonly invoices: Invoices,
    private readonly subscriptions: Subscriptions,
  ) {}

  /** What is left of the period is prorated by the second: credited as it was, charged as it is. Another interval begins a new period. */
  change(subscription: Thing, { prorate = 'later', ...to }: Change): StripeEvent[] {
    const [item] = subscription.items.data;
    const { interval } = item.price.recurring;
    const left = this.share(item);
    const credit = this.proration(item, -left);
    this.apply(subscription, item, to);
    const isAnew = to.interval !== undefined && to.interval !== interval;
    if (isAnew) this.beginAnew(subscription, item);
    const lines = isAnew
      ? [credit, { ...this.proration(item, 1), proration: false }]
      : [credit, this.proration(item, left)];
    if (prorate === 'none') return [this.subscriptions.tell('updated', subscription)];
    if (prorate === 'at-once' || isAnew) return this.billNow(subscription, lines);
    subscription.terms.pending.push(...lines);
    return [this.subscriptions.tell('updated', subscription)];
  }

  /** A second thing beside the first, billed with the next period. */
  addItem(subscription: Thing, order: { amount: number; quantity: number; interval: Rhythm }): StripeEvent[] {
    const [first] = subscription.items.data;
    const period = { start: first.current_period_start, end: first.current_period_end };
    subscription.items.data.push(itemOf(subscription.id, { ...order, currency: subscription.currency }, period));
    return [this.subscriptions.tell('updated', subscription)];
  }

  /** The portal sets a day and leaves the flag alone where billing is flexible; the dashboard and classic billing set the flag. */
  cancelLater(subscription: Thing, by: 'portal' | 'dashboard' = 'portal'): StripeEvent[] {
    const isFlexible = subscription.billing_mode.type === 'flexible' && by === 'portal';
    const end = periodEnd(subscription);
    Object.assign(subscription, { cancel_at: end, cancel_at_period_end: !isFlexible, canceled_at: this.things.now });
    return [this.subscriptions.tell('updated', subscription)];
  }

  resume(subscription: Thing): StripeEvent[] {
    Object.assign(subscription, { cancel_at: null, cancel_at_period_end: false, canceled_at: null });
    return [this.subscriptions.tell('updated', subscription)];
  }

  /** The seller collects nothing for a while; the status stays as it was. Null ends it. */
  pause(subscription: Thing, behavior: 'void' | 'keep_as_draft' | 'mark_uncollectible' | null): StripeEvent[] {
    subscription.pause_collection = behavior && { behavior, resumes_at: null };
    return [this.subscriptions.tell('updated', subscription)];
  }

  private apply(
    subscription: Thing,
    item: Thing,
    { quantity, amount, interval, price }: Omit<Change, 'prorate'>,
  ): void {
    item.quantity = quantity ?? item.quantity;
    if (amount === undefined && interval === undefined && price === undefined) return;
    const { unit_amount, recurring } = item.price;
    const rhythm = interval ?? recurring.interval;
    const made = itemOf(
      subscription.id,
      { amount: amount ?? unit_amount, currency: subscription.currency, quantity: 1, interval: rhythm },
      { start: 0, end: 0 },
    );
    item.price = { ...made.price, id: price ?? newName('price') };
  }

  private beginAnew(subscription: Thing, item: Thing): void {
    const { now } = this.things;
    subscription.billing_cycle_anchor = now;
    Object.assign(item, {
      current_period_start: now,
      current_period_end: next(now, now, item.price.recurring.interval),
    });
  }

  private billNow(subscription: Thing, lines: Line[]): StripeEvent[] {
    const invoice = this.invoices.bill(subscription, 'subscription_update', lines);
    return [this.subscriptions.tell('updated', subscription), ...this.invoices.pay(invoice)];
  }

  private share({ current_period_start: start, current_period_end: end }: Thing): number {
    return Math.min(1, Math.max(0, end - this.things.now) / (end - start)); // one that has not begun is left whole
  }

  private proration = ({ id, price, quantity, current_period_end: end }: Thing, share: number): Line => ({
    amount: Math.round(price.unit_amount * quantity * share),
    quantity,
    price: price.id,
    start: this.things.now,
    end,
    proration: true,
    item: id,
  });
}
