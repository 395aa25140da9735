import { newId } from '../../src/kit/id';
import { Database } from '../../src/database/database';
import { Outbox } from '../../src/outbox/outbox';
import { clock, DAY } from '../../src/kit/clock';
import type { Attention } from '../../src/modules/payments/attention/attention.entity';
import { AttentionService } from '../../src/modules/payments/attention/attention.service';
import { LedgerService } from '../../src/modules/payments/ledger/ledger.service';
import { PaymentsService } from '../../src/modules/payments/ledger/payments.service';
import type { Plan } from '../../src/modules/payments/plans/plan.entity';
import { plainBill } from '../../src/modules/payments/providers/port/bill';
import type {
  Bill,
  DisputeFact,
  Fact,
  PaymentFact,
  ProviderName,
  SubscriptionFact,
} from '../../src/modules/payments/providers/port/payment.provider';
import { SubscriptionsJob } from '../../src/modules/payments/subscriptions/subscriptions.job';
import type { House } from './house';
import type { Visitor } from './visitor';

type Terms = Partial<Pick<Plan, 'kind' | 'amount' | 'currency' | 'interval' | 'limits' | 'providerRefs' | 'code'>>;
type Order = Terms & { provider?: ProviderName; quantity?: number };
export type Told = { topic: string; paymentId?: string; reference?: string | null; provider?: ProviderName };

/** What anyone was told, instead of telling it: thousands of mails are not the question. A transaction that runs again tells once. */
export function listen({ app }: House, told: Told[] = []): Told[] {
  const db = app.get(Database);
  app.get(Outbox).add = async (topic, payload) => db.afterCommit(() => void told.push({ topic, ...payload }));
  return told;
}

/** An order of an organization, and its provider's news about it, in facts. */
export class Till {
  private constructor(
    private readonly house: House,
    readonly owner: Visitor,
    readonly id: string,
    readonly plan: Plan,
    readonly provider: ProviderName,
    readonly quantity: number,
  ) {}

  static async order(house: House, owner: Visitor, { provider = 'stripe', quantity = 1, ...terms }: Order = {}) {
    const fresh = { code: `p-${newId().slice(-12)}`, name: 'Pro', kind: 'plan', amount: 1900, currency: 'EUR' };
    const plan = { ...fresh, interval: 'month', limits: { seats: 5 }, providerRefs: {}, ...terms } as Plan;
    const { organizationId, user } = owner;
    const order = { organizationId: organizationId!, userId: user.id, provider, plan, quantity };
    const payments = house.app.get(PaymentsService, { strict: false });
    const { id } = await house.app.get(Database).transaction(() => payments.order(order));
    return new Till(house, owner, id, plan, provider, quantity);
  }

  get subscription(): string {
    return `sub_${this.id}`;
  }

  get price() {
    return { amount: this.plan.amount * this.quantity, currency: this.plan.currency };
  }

  hear(...facts: Fact[]): Promise<string> {
    return this.house.app.get(LedgerService, { strict: false }).apply(this.provider, facts);
  }

  first = (bill: Partial<Bill> = {}, more: Partial<PaymentFact> = {}): PaymentFact => ({
    kind: 'payment',
    paymentId: this.id,
    reference: `in_${this.id}_0`,
    status: 'succeeded',
    bill: { ...plainBill(this.price), ...bill },
    at: clock.now().toISOString(),
    ...(this.plan.interval !== 'once' && { subscription: this.subscription }),
    ...more,
  });

  renewal = (nth: number, bill: Partial<Bill> = {}, more: Partial<PaymentFact> = {}): PaymentFact => {
    const { paymentId: _ours, ...fact } = this.first(bill, { reference: `in_${this.id}_${nth}`, ...more });
    return fact;
  };

  state = (more: Partial<SubscriptionFact> = {}): SubscriptionFact => ({
    kind: 'subscription',
    reference: this.subscription,
    paymentId: this.id,
    status: 'active',
    periodEnd: null,
    cancelAt: null,
    renews: true,
    at: clock.now().toISOString(),
    ...more,
  });

  refund = (nth: number, amount = this.price.amount): Fact => ({
    kind: 'refund',
    reference: `in_${this.id}_${nth}`,
    refunded: { ...this.price, amount },
  });

  dispute = (nth: number, state: DisputeFact['state']): DisputeFact => ({
    kind: 'dispute',
    reference: `in_${this.id}_${nth}`,
    dispute: `dp_${this.id}_${nth}`,
    money: this.price,
    state,
  });

  sweep = (): Promise<void> => this.house.app.get(SubscriptionsJob, { strict: false }).sweep();

  /** Some days later, each of which has been swept. */
  async pass(days: number, ...others: Till[]): Promise<void> {
    this.house.clock.advance(days * DAY);
    for (const { owner } of [this, ...others]) await owner.signIn(owner.user.email);
    await this.sweep();
  }

  /** What its members see that it is on. */
  async on() {
    const { plan, limits } = (await this.owner.get('/organizations/:org')).expect(200);
    return { plan: plan === this.plan.code ? 'bought' : plan, limits };
  }

  async standing() {
    const answer = await this.owner.get('/organizations/:org/subscription');
    return answer.status === 404 ? 'none' : answer.expect(200).status;
  }

  /** What waits for a person about this organization. */
  open = (): Promise<Attention[]> =>
    this.house.source
      .getRepository('Attention')
      .find({ where: { organizationId: this.owner.organizationId }, order: { id: 'ASC' } }) as Promise<Attention[]>;

  kinds = async (): Promise<string[]> => (await this.open()).map(({ kind }) => kind);

  /** As when a person accepts what is open. */
  async accept(kind: string): Promise<void> {
    const row = (await this.open()).find((one) => one.kind === kind)!;
    const { accepting } = this.house.app.get(AttentionService, { strict: false }) as any;
    await this.house.app.get(Database).transaction(() => accepting.get(kind)?.(row));
  }
}
