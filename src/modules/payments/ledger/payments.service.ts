import { Injectable, type OnModuleInit } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { newId } from '../../../kit/id';
import { unlessGone } from '../../../kit/problem';
import type { PageQuery } from '../../../http/contract/page';
import type { Page } from '../../../database/page';
import { limitsFor, type Plan, refOf } from '../plans/plan.entity';
import type { Checkout, Handle, ProviderName } from '../providers/port/payment.provider';
import { ProvidersService } from '../providers/providers.service';
import { TermsService } from '../subscriptions/terms.service';
import { UsersService } from '../../users/users.service';
import { firstAsk, nextAsk } from './records/asking-times';
import { LedgerService } from './ledger.service';
import type { Payment } from './records/payment.entity';
import { showHeld } from './payments.api';
import { PaymentsRepository, type Sought } from './records/payments.repository';

type Order = {
  organizationId: string;
  userId: string;
  provider: ProviderName;
  plan: Plan;
  quantity: number;
  live?: boolean;
};

/** The ledger as its organization sees it. */
@Injectable()
export class PaymentsService implements OnModuleInit {
  constructor(
    private readonly payments: PaymentsRepository,
    private readonly terms: TermsService,
    private readonly ledger: LedgerService,
    private readonly providers: ProvidersService,
    private readonly users: UsersService,
  ) {}

  onModuleInit(): void {
    this.users.onExport('payments', async ({ id }) => (await this.payments.madeBy(id)).map(showHeld));
  }

  list(organizationId: string, query: PageQuery): Promise<Page<Payment>> {
    return this.payments.page(organizationId, query, {});
  }

  /** Those that match, for the people who run the platform. */
  listAcrossOrganizations(query: PageQuery, where: Sought): Promise<Page<Payment>> {
    return this.payments.search(query, where);
  }

  /** @throws NotFound */
  get(organizationId: string, id: string): Promise<Payment> {
    return this.payments.get(organizationId, id);
  }

  /** The row, and its organization before it, for this transaction alone. @throws NotFound */
  locked(organizationId: string, id: string): Promise<Payment> {
    return this.payments.locked(organizationId, id);
  }

  /** Writes an order down, with the price and the limits that the plan has now. Part of a transaction. */
  async order({ organizationId, userId, provider, plan, quantity, live = true }: Order): Promise<Payment> {
    const [id, subscriptionId] = [newId(), newId()];
    const sold = {
      provider,
      plan: plan.code,
      planName: plan.name,
      quantity,
      amount: plan.amount * quantity,
      currency: plan.currency,
      live,
    };
    const limits = limitsFor(plan.limits as Record<string, number>, quantity);
    await this.terms.open(organizationId, {
      ...sold,
      id: subscriptionId,
      paymentId: id,
      kind: plan.kind,
      interval: plan.interval,
      price: refOf(plan, provider) ?? null,
      limits,
    });
    const nothingYet = { checkout: null, reference: null, failureReason: null, paidAt: null, refundReturnedAt: null };
    return this.payments.add(organizationId, {
      ...sold,
      ...nothingYet,
      id,
      userId,
      subscriptionId,
      status: 'created',
      refundedAmount: 0,
      subtotal: sold.amount,
      total: sold.amount,
      askAt: firstAsk(),
    });
  }

  /** Whether the organization is on a plan that it bought; what is paid meanwhile waits for this transaction. */
  async isSubscribed(organizationId: string): Promise<boolean> {
    await this.terms.lock(organizationId);
    return (await this.terms.live(organizationId)) !== null;
  }

  /** Remembers what the provider calls the checkout, and what it takes there. */
  async sendTo(
    { organizationId, id, subscriptionId, ...payment }: Payment,
    { reference: checkout, live }: Omit<Checkout, 'url'>,
  ): Promise<void> {
    await this.payments.change(organizationId, { id }, { checkout, live });
    if (live !== payment.live) await this.terms.markLive(organizationId, subscriptionId, live);
  }

  /** Nothing came of it, as far as we know. */
  async giveUp(organizationId: string, id: string, reason: string): Promise<void> {
    await this.payments.change(organizationId, { id, status: 'created' }, { status: 'failed', failureReason: reason });
  }

  /** Asks the provider how it stands. @throws NotFound, ProviderOff, ProviderAway, ProviderRefused */
  async verify(organizationId: string, id: string): Promise<Payment> {
    const payment = await this.payments.get(organizationId, id);
    const facts = await this.providers.get(payment.provider).lookUp(await this.handleOf(payment));
    await this.ledger.apply(payment.provider, facts);
    return this.payments.get(organizationId, id);
  }

  /** By what the provider may know it; while it is unpaid, also by who was sent to pay. */
  async handleOf({ organizationId, id, subscriptionId, checkout, reference, ...payment }: Payment): Promise<Handle> {
    const subscription = await this.terms.find(organizationId, subscriptionId);
    const isRenewal = subscription !== null && subscription.paymentId !== id;
    const buyer = payment.paidAt ? null : await this.buyerOf(payment);
    return {
      ...(!isRenewal && { paymentId: id }),
      checkout,
      reference,
      subscription: subscription?.reference ?? null,
      ...(buyer && { buyer }),
    };
  }

  /** Some that are to be asked about now. */
  due(provider: ProviderName, limit: number): Promise<Payment[]> {
    return this.payments.due(provider, limit);
  }

  /** Its provider was asked: it is again later, unless there is nothing to ask any more. What stays unpaid is given up. */
  async wasAsked({ organizationId, id, askAt, asked }: Payment): Promise<void> {
    const payment = await this.payments.get(organizationId, id);
    const next = payment.isOpen ? nextAsk(payment) : null;
    const isGivenUp = payment.isOpen && payment.status !== 'failed' && next === null;
    const given = isGivenUp ? ({ status: 'failed', failureReason: 'abandoned' } as const) : {};
    const unchanged = { id, status: payment.status, askAt: askAt ?? IsNull() };
    await this.payments.change(organizationId, unchanged, { ...given, askAt: next, asked: asked + 1 });
  }

  /** How many payments for a subscription arrived. */
  countPaid(organizationId: string, subscriptionId: string): Promise<number> {
    return this.payments.count(organizationId, { subscriptionId, paidAt: Not(IsNull()) });
  }

  /** Whether a payment or a subscription of ours is called so over there. */
  async knows(provider: ProviderName, reference: string): Promise<boolean> {
    return [await this.payments.named(provider, { reference }), await this.terms.named(provider, reference)].some(
      Boolean,
    );
  }

  /** Whether the provider is the seller by law. */
  isSoldBy(provider: ProviderName): boolean {
    return this.providers.isMerchantOfRecord(provider);
  }

  private async buyerOf({ userId, createdAt }: Pick<Payment, 'userId' | 'createdAt'>): Promise<Handle['buyer'] | null> {
    const user = userId && (await unlessGone(this.users.get(userId)));
    return user ? { email: user.email, since: createdAt.toISOString() } : null;
  }
}
