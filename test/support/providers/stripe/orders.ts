import type { StripeBooks } from '../stripe.books';
import { type Answers, refusal } from './answers';
import { shown, type StripeEvent, type Thing } from './things';

type Asked = Record<string, any>;

/** What our own requests change. What is to be told about it is put among `untold`. */
export class Orders {
  constructor(
    private readonly books: StripeBooks,
    private readonly answers: Answers,
    private readonly untold: StripeEvent[],
  ) {}

  take(operation: string, id: string, asked: Asked, origin: string): unknown {
    switch (operation) {
      case 'POST /v1/checkout/sessions':
        return shown(this.books.openSession(asked, origin));
      case 'POST /v1/refunds':
        return this.refund(asked);
      case 'POST /v1/subscriptions/{id}':
        return this.cancelLater(this.answers.find(id), asked);
      case 'DELETE /v1/subscriptions/{id}':
        return this.cancelNow(this.answers.find(id));
      case 'POST /v1/invoices/{id}/void':
        return this.voided(this.answers.find(id));
      case 'POST /v1/invoices/{id}':
        return this.shelved(this.answers.find(id), asked);
      default:
        throw refusal(404, 'Unrecognized request URL');
    }
  }

  private refund({ payment_intent, amount, metadata = {} }: Asked): Thing {
    const intent = this.answers.find(payment_intent);
    const charge = this.books.charges.chargeOf(intent);
    if (amount > charge.amount - charge.amount_refunded)
      throw refusal(400, `Refund amount (${amount}) is greater than unrefunded amount on charge`);
    const { refund, events } = this.books.charges.refund(intent, amount, metadata);
    this.untold.push(...events);
    return shown(refund);
  }

  private cancelLater(subscription: Thing, asked: Asked): Thing {
    const said = 'A canceled subscription can only update its cancellation_details and metadata.';
    if (subscription.status === 'canceled') throw refusal(400, said, undefined, false);
    const isSet = subscription.cancel_at !== null && !subscription.cancel_at_period_end;
    if (isSet) throw refusal(400, 'It ends on a day of its own.', undefined, false); // assumed: nowhere is it said to be taken
    if (asked.cancel_at_period_end !== true) throw refusal(400, 'Nothing else is changed here.');
    this.untold.push(...this.books.changes.cancelLater(subscription, 'dashboard'));
    return shown(subscription);
  }

  /** One that was canceled can be read, but to this it is as though it were not there. */
  private cancelNow(subscription: Thing): Thing {
    const said = `No such subscription: '${subscription.id}'`;
    if (subscription.status === 'canceled') throw refusal(404, said, 'resource_missing', false);
    this.untold.push(...this.books.subscriptions.end(subscription));
    return shown(subscription);
  }

  private voided(invoice: Thing): Thing {
    if (!['open', 'uncollectible'].includes(invoice.status))
      throw refusal(400, "You can only pass in open invoices. This invoice isn't open.");
    this.books.invoices.shelve(invoice, 'void');
    return shown(invoice);
  }

  private shelved(invoice: Thing, { auto_advance }: Asked): Thing {
    if (invoice.status !== 'draft') throw refusal(400, 'Finalized invoices can not be updated in this way.');
    return shown(Object.assign(invoice, { auto_advance: auto_advance === 'true' }));
  }
}
