import { complainOfFlutterwavePayment, complainOfFlutterwaveRefund } from './documented';
import type { FlutterwaveBooks, Row } from './flutterwave.books';
import { type Asked, Refusal, type Reply } from './stand-in';

const PAGE = 10;

/** What API v3 answers. */
export class FlutterwaveApi {
  constructor(private readonly books: FlutterwaveBooks) {}

  answer(asked: Asked, secretKey: string, origin: string): Reply {
    if (asked.headers.authorization !== `Bearer ${secretKey}`) throw refusal(401, 'Invalid authorization key');
    const message = { status: 'success', message: 'Done' };
    if (asked.method !== 'GET') return { body: { ...message, data: this.change(asked, origin) } };
    const rows = this.read(asked);
    if (!Array.isArray(rows)) return { body: { ...message, data: rows } };
    const page = Number(asked.query.get('page') ?? 1);
    const page_info = { total: rows.length, current_page: page, total_pages: Math.ceil(rows.length / PAGE) };
    return { body: { ...message, meta: { page_info }, data: rows.slice((page - 1) * PAGE, page * PAGE) } };
  }

  private read({ path, query }: Asked): unknown {
    const [, , collection = '', id = '', deed] = path.split('/');
    const is = (name: string, value: unknown) => !query.has(name) || query.get(name) === String(value);
    const { transactions, plans } = this.books;
    switch (`${collection}/${deed ?? (id && 'one')}`) {
      case 'transactions/verify':
        return found(transactions.find((one) => one.id === Number(id)));
      case 'transactions/one':
        return found(
          transactions.findLast(({ tx_ref }) => tx_ref === query.get('tx_ref')),
          404,
        );
      case 'transactions/':
        return transactions
          .filter(({ customer, tx_ref }) => is('customer_email', customer.email) && is('tx_ref', tx_ref))
          .filter(({ status, created_at }) => is('status', status) && created_at >= (query.get('from') ?? ''))
          .toReversed();
      case 'payment-plans/one':
        return found(plans.get(Number(id)));
      case 'refunds/':
        return this.books.refunds.filter(({ transaction_id }) => is('id', transaction_id));
      case 'chargebacks/':
        return this.books.chargebacks.filter(({ flw_ref }) => is('flw_ref', flw_ref));
      case 'subscriptions/':
        return this.books.subscriptions
          .filter(({ customer, plan }) => is('email', customer.customer_email) && is('plan', plan))
          .filter((one) => is('transaction_id', this.books.firstOf(one)));
      default:
        throw refusal(404, 'Cannot GET this');
    }
  }

  private change({ method, path, body }: Asked, origin: string): unknown {
    const [, , collection, id = '', deed] = path.split('/');
    const asked = JSON.parse(body);
    if (method === 'POST' && path === '/v3/payments') return this.openCheckout(asked, origin);
    if (method === 'POST' && collection === 'transactions' && deed === 'refund')
      return this.sendBack(Number(id), asked);
    if (method !== 'PUT' || collection !== 'subscriptions' || deed !== 'cancel') throw refusal(404, 'Cannot do this');
    const subscription = this.books.subscriptions.find((one) => one.id === Number(id));
    if (!subscription) throw refusal(404, 'Subscription not found', false);
    if (subscription.status === 'cancelled') throw refusal(400, 'Subscription is already cancelled', false);
    subscription.status = 'cancelled';
    return subscription;
  }

  private openCheckout(asked: Row, origin: string): object {
    refuse(complainOfFlutterwavePayment(asked));
    this.books.orders.set(asked.tx_ref, asked);
    return { link: `${origin}/checkout/${encodeURIComponent(asked.tx_ref)}` };
  }

  private sendBack(id: number, asked: Row): Row {
    refuse(complainOfFlutterwaveRefund(asked));
    const transaction = found(this.books.transactions.find((one) => one.id === id));
    const left = this.books.leftOf(transaction);
    if (asked.amount > left + 1e-9) throw refusal(400, 'The refund is more than what is left of the transaction');
    const { transaction_id: tx_id, ...refund } = this.books.giveBack(transaction, asked.amount ?? left, asked.comments);
    return { ...refund, tx_id };
  }
}

function found(row: Row | undefined, status = 400): Row {
  if (!row) throw refusal(status, 'No transaction was found for this id', false);
  return row;
}

const refusal = (status: number, message: string, isFault = true): Refusal =>
  new Refusal(status, { status: 'error', message, data: null }, isFault);

function refuse(complaint: string | undefined): void {
  if (complaint) throw refusal(400, complaint);
}
