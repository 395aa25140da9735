import { Injectable, type OnModuleInit } from '@nestjs/common';
import { newId } from '../../kit/db/id';
import type { Page, PageQuery } from '../../kit/http/page';
import type { Plan } from '../plans/plan.entity';
import type { Checkout, Handle, ProviderName } from '../providers/payment.provider';
import { ProvidersService } from '../providers/providers.service';
import { TermsService } from '../subscriptions/terms.service';
import { UsersService } from '../users/users.service';
import { LedgerService } from './ledger.service';
import type { Payment } from './payment.entity';
import { showHeld } from './payments.api';
import { PaymentsRepository } from './payments.repository';

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

  /** @throws NotFound */
  get(organizationId: string, id: string): Promise<Payment> {
    return this.payments.get(organizationId, id);
  }

  /** The row, for this transaction alone. @throws NotFound */
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
    const limits = times(plan.limits as Record<string, number>, quantity);
    await this.terms.open(organizationId, {
      ...sold,
      id: subscriptionId,
      paymentId: id,
      interval: plan.interval,
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
    });
  }

  /** Whether the organization is on a plan that it bought. */
  async isSubscribed(organizationId: string): Promise<boolean> {
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

  /** By what the provider may know it. */
  async handleOf({ organizationId, id, subscriptionId, checkout, reference }: Payment): Promise<Handle> {
    const subscription = await this.terms.find(organizationId, subscriptionId);
    const isRenewal = subscription !== null && subscription.paymentId !== id;
    return { ...(!isRenewal && { paymentId: id }), checkout, reference, subscription: subscription?.reference ?? null };
  }
}

const times = (limits: Record<string, number>, quantity: number): Record<string, number> =>
  Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, limit * quantity]));
