import { clock } from '../../../src/kit/clock';
import { complainOfFlutterwavePayment, complainOfFlutterwaveRefund } from './documented';
import { type Asked, newNumber, newName, Refusal, type Reply, type Signed, StandIn } from './stand-in';

type Row = Record<string, any>;
export type FlutterwaveEvent = { event: string; data: Row };
type Wrong = { amount?: unknown; currency?: string; status?: 'successful' | 'failed' | 'pending'; txRef?: string };

/** Flutterwave, API v3: its webhooks carry a password and no signature, and say what they like. */
export class FlutterwaveStandIn extends StandIn<FlutterwaveEvent> {
  readonly name = 'flutterwave';
  secretKey = 'FLWSECK_TEST-a-stand-in-X';
  webhookHash = 'a hash of the flutterwave stand-in';
  private readonly orders = new Map<string, Row>();
  private readonly plans = new Map<number, Row>();
  private readonly transactions = new Map<number, Row>();
  private readonly refunds: Row[] = [];
  private readonly subscriptions: Row[] = [];

  static open = (port?: number): Promise<FlutterwaveStandIn> => new FlutterwaveStandIn().listen(port);

  get settings() {
    return {
      FLUTTERWAVE_SECRET_KEY: this.secretKey,
      FLUTTERWAVE_WEBHOOK_HASH: this.webhookHash,
      FLUTTERWAVE_API_URL: this.url,
    };
  }

  /** Something that renews itself, for a plan's `providerRefs`. `amount` is written with a point. */
  plan(plan: { amount: number; currency: string; interval: 'monthly' | 'yearly' }): string {
    const id = newNumber();
    this.plans.set(id, { id, ...plan, name: 'A plan', status: 'active' });
    return String(id);
  }

  sign = (event: FlutterwaveEvent, { hash = this.webhookHash } = {}): Signed => ({
    body: JSON.stringify(event),
    headers: { 'verif-hash': hash },
  });

  /** @param wrong how it differs, in their books: what the event says can be changed afterwards. */
  pay(checkoutUrl: string, wrong: Wrong = {}): FlutterwaveEvent[] {
    const order = this.find(this.orders, decodeURIComponent(this.checkoutIn(checkoutUrl)));
    const transaction = this.charge(order, wrong);
    if (order.payment_plan && transaction.status === 'successful') {
      order.subscription ??= newNumber();
      const { subscription: id, payment_plan: plan } = order;
      this.subscriptions.push({ id, plan, status: 'active', amount: order.amount, transaction: transaction.id });
    }
    return [{ event: 'charge.completed', data: { ...transaction } }];
  }

  /** The next month is charged, under a reference that they make. */
  renew = (checkoutUrl: string): FlutterwaveEvent[] => this.pay(checkoutUrl, { txRef: newName('flw_renewal') });

  protected order(id: string) {
    const { customizations, amount: price, currency, redirect_url } = this.find(this.orders, decodeURIComponent(id));
    return { title: customizations?.title ?? id, price: `${price} ${currency}`, successUrl: redirect_url };
  }

  protected answer(asked: Asked): Reply {
    if (asked.headers.authorization !== `Bearer ${this.secretKey}`) throw refusal(401, 'Invalid authorization key');
    const data = asked.method === 'GET' ? this.read(asked) : this.change(asked);
    return { body: { status: 'success', message: 'Done', data } };
  }

  private read({ path, query }: Asked): unknown {
    const [, , collection, id = '', deed] = path.split('/');
    const transaction = Number(query.get('transaction_id'));
    if (collection === 'transactions' && deed === 'verify') return this.find(this.transactions, Number(id));
    if (collection === 'transactions') return this.byReference(query.get('tx_ref'));
    if (collection === 'payment-plans') return this.find(this.plans, Number(id));
    if (collection === 'refunds')
      return this.refunds.filter((refund) => refund.transaction_id === Number(query.get('id')));
    if (collection !== 'subscriptions') throw refusal(404, 'Cannot GET this');
    return this.subscriptions.filter((subscription) => subscription.transaction === transaction);
  }

  private change({ method, path, body }: Asked): unknown {
    const [, , collection, id = '', deed] = path.split('/');
    const asked = JSON.parse(body);
    if (method === 'POST' && path === '/v3/payments') return this.openCheckout(asked);
    if (method === 'POST' && collection === 'transactions' && deed === 'refund')
      return this.sendBack(Number(id), asked);
    if (method !== 'PUT' || collection !== 'subscriptions' || deed !== 'cancel') throw refusal(404, 'Cannot do this');
    const of = this.subscriptions.filter((subscription) => subscription.id === Number(id));
    for (const subscription of of) subscription.status = 'cancelled';
    if (!of[0]) throw refusal(404, 'Subscription not found');
    return of[0];
  }

  private openCheckout(asked: Row): object {
    refuse(complainOfFlutterwavePayment(asked));
    this.orders.set(asked.tx_ref, asked);
    return { link: `${this.url}/checkout/${encodeURIComponent(asked.tx_ref)}` };
  }

  private sendBack(id: number, asked: Row): Row {
    refuse(complainOfFlutterwaveRefund(asked));
    const { amount: paid } = this.find(this.transactions, id);
    const before = this.refunds.filter(({ transaction_id }) => transaction_id === id);
    const left = before.reduce((rest, { amount_refunded }) => rest - amount_refunded, paid);
    if (asked.amount > left + 1e-9) throw refusal(400, 'The refund is more than what is left of the transaction');
    const refund = { id: newNumber(), transaction_id: id, tx_id: id, amount_refunded: asked.amount ?? left };
    this.refunds.push({ ...refund, status: 'completed', comment: asked.comments });
    return { ...refund, status: 'completed' };
  }

  private charge(order: Row, { amount: paid = order.amount, currency = order.currency, status, txRef }: Wrong): Row {
    const id = newNumber();
    const transaction = {
      id,
      tx_ref: txRef ?? order.tx_ref,
      flw_ref: `STANDIN/${id}`,
      amount: paid,
      currency,
      charged_amount: paid,
      status: status ?? 'successful',
      processor_response: status === 'failed' ? 'Insufficient funds' : 'Approved',
      payment_type: 'card',
      created_at: clock.now().toISOString(),
      customer: { id: 1, name: 'Anonymous customer', phone_number: null, email: order.customer.email },
    };
    this.transactions.set(id, transaction);
    return transaction;
  }

  private byReference(reference: string | null): Row {
    const found = [...this.transactions.values()].filter(({ tx_ref }) => tx_ref === reference).at(-1);
    if (!found) throw missing(404);
    return found;
  }

  private find<Key>(rows: Map<Key, Row>, key: Key): Row {
    const row = rows.get(key);
    if (!row) throw missing(400);
    return row;
  }
}

const missing = (status: number): Refusal =>
  new Refusal(status, { status: 'error', message: 'No transaction was found for this id', data: null }, false);

const refusal = (status: number, message: string): Refusal =>
  new Refusal(status, { status: 'error', message, data: null });

function refuse(complaint: string | undefined): void {
  if (complaint) throw refusal(400, complaint);
}
