import { isId } from '../../../../kit/id';
import type { ProviderApi } from '../port/provider-api';
import type { Fact } from '../port/payment.provider';
import { ProviderRefused } from '../port/providers.errors';
import type { Chargeback, PaymentPlan, Refund, Subscription, Transaction } from './api.types';
import { disputeFacts, refundFact } from './returns.facts';
import { type Owner, ownerAmong, subscriptionFact, transactionFacts } from './transactions.facts';

export type Envelope<Data> = { data: Data; meta?: { page_info?: { total_pages?: number } } };

const PAGES = 50; // of ten or twenty: what one customer may have

/** What can be asked of API v3. Lists tell nothing of an order, and a subscription has no page of its own. */
export class Questions {
  constructor(private readonly api: ProviderApi) {}

  /** By its name there. */
  async transaction(id: string): Promise<Transaction | undefined> {
    return (await this.api.get<Envelope<Transaction>>(`/v3/transactions/${id}/verify`))?.data;
  }

  /** The one that bears our name; of several, whichever they choose. */
  async named(txRef: string): Promise<Transaction | undefined> {
    const answer = await this.api.get<Envelope<Transaction>>(`/v3/transactions/verify_by_reference?tx_ref=${txRef}`);
    return answer?.data.tx_ref === txRef ? answer.data : undefined;
  }

  /** A transaction, and once it is settled what runs because of it and what went back of it. */
  async facts(transaction: Transaction): Promise<Fact[]> {
    if (transaction.status !== 'successful') return transactionFacts(transaction);
    const [owner, refunds, chargebacks] = await Promise.all([
      this.ownerOf(transaction),
      this.refunds(String(transaction.id)),
      this.chargebacks(transaction),
    ]);
    const payment = transactionFacts(transaction, owner);
    if (payment.length === 0) return [];
    const { id, tx_ref, currency } = transaction;
    const paymentId = isId(tx_ref) ? tx_ref : undefined;
    const paid = { ...(paymentId && { paymentId }), reference: String(id) };
    return [
      ...payment,
      ...(owner.subscription ? [subscriptionFact(owner.subscription, paymentId)] : []),
      ...refunds.map((refund) => refundFact(refund, paid, currency)),
      ...chargebacks.flatMap((one) => disputeFacts(one, paid, currency)),
    ];
  }

  /** How a customer's subscriptions stand; with the name of one, all that it charged, too. */
  async customer(email: string, called?: string | null, paymentId?: string): Promise<Fact[]> {
    const subscriptions = await this.subscriptions({ email });
    const asked = subscriptions.filter(({ id }) => !called || String(id) === called);
    const states = asked.map((one) => subscriptionFact(one, called ? paymentId : undefined));
    if (!called || !asked[0]) return states;

    const from = asked[0].created_at.slice(0, 'YYYY-MM-DD'.length);
    const settled = await this.transactions({ customer_email: email, from, status: 'successful' });
    const charged = settled.flatMap((transaction) => {
      if (isId(transaction.tx_ref))
        return transactionFacts(transaction, transaction.tx_ref === paymentId ? { subscription: asked[0] } : {});
      const owner = ownerAmong(subscriptions, transaction);
      const isAsked = owner.subscription === asked[0] || owner.among?.includes(called);
      return isAsked ? transactionFacts(transaction, owner) : [];
    });
    return [...charged, ...states];
  }

  async refunds(transaction: string): Promise<Refund[]> {
    const all = await this.list<Refund>('refunds', { id: transaction });
    return all.filter(({ transaction_id, tx_id }) => String(transaction_id ?? tx_id) === transaction);
  }

  async paymentPlan(reference: string): Promise<PaymentPlan | undefined> {
    return (await this.api.get<Envelope<PaymentPlan>>(`/v3/payment-plans/${reference}`))?.data;
  }

  /**
   * `transaction_id` is documented as that of the first charge. A renewal is said to come under a name that they made, or once more under
   * the first one's: then it is of the subscription of the first.
   */
  private async ownerOf(transaction: Transaction): Promise<Owner> {
    const { id, tx_ref, customer, plan } = transaction;
    const [subscription] = await this.subscriptions({ transaction_id: String(id) });
    if (subscription) return { subscription };
    if (!isId(tx_ref)) {
      const asked = { email: customer.email, ...(plan && { plan: String(plan) }) };
      return ownerAmong(await this.subscriptions(asked), transaction);
    }
    const settled = await this.transactions({ tx_ref, status: 'successful' });
    const [first] = settled
      .filter((one) => one.tx_ref === tx_ref)
      .toSorted((one, other) => Date.parse(one.created_at) - Date.parse(other.created_at) || one.id - other.id);
    if (!first || first.id === id) return {};
    return { subscription: (await this.subscriptions({ transaction_id: String(first.id) }))[0] };
  }

  private subscriptions(filter: Record<string, string>): Promise<Subscription[]> {
    return this.list('subscriptions', filter);
  }

  private transactions(filter: Record<string, string>): Promise<Transaction[]> {
    return this.list('transactions', filter);
  }

  /** Not every account may list them, and money that arrived counts without. */
  private async chargebacks({ id, flw_ref }: Transaction): Promise<Chargeback[]> {
    const all = await this.list<Chargeback>('chargebacks', { flw_ref }).catch((error: unknown) => {
      if (error instanceof ProviderRefused) return [];
      throw error;
    });
    return all.filter(({ transaction_id }) => transaction_id === id);
  }

  private async list<Row>(collection: string, filter: Record<string, string>): Promise<Row[]> {
    const rows: Row[] = [];
    for (let page = 1, last = 1; page <= Math.min(last, PAGES); page++) {
      const query = new URLSearchParams({ ...filter, page: String(page) });
      const answer = await this.api.get<Envelope<Row[]>>(`/v3/${collection}?${query.toString()}`);
      rows.push(...(answer?.data ?? []));
      last = answer?.meta?.page_info?.total_pages ?? 1;
    }
    return rows;
  }
}
