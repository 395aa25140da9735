import { Inject, Injectable } from '@nestjs/common';
import type { Member } from '../../../access/caller';
import { CONFIG, type Config } from '../../../config/config';
import { Database } from '../../../database/database';
import { Problem, ValidationFailed } from '../../../kit/problem';
import { allowedRedirect, webUrl } from '../../../kit/net/web-url';
import { ActivityService } from '../../activity/activity.service';
import type { Payment } from '../ledger/records/payment.entity';
import { PaymentsService } from '../ledger/payments.service';
import { type Plan, refOf } from '../plans/plan.entity';
import { PlansService } from '../plans/plans.service';
import type { Checkout, PaymentProvider, ProviderName } from '../providers/port/payment.provider';
import { PlanNotOffered, ProviderRefused } from '../providers/port/providers.errors';
import { ProvidersService } from '../providers/providers.service';
import type { NewCheckout } from './checkouts.api';
import { AlreadySubscribed } from './checkouts.errors';

/** Sends buyers away to pay. */
@Injectable()
export class CheckoutsService {
  constructor(
    private readonly db: Database,
    private readonly plans: PlansService,
    private readonly providers: ProvidersService,
    private readonly payments: PaymentsService,
    private readonly activity: ActivityService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The payment is on record before the provider hears of it. @throws PlanNotOffered, ValidationFailed, ProviderOff, AlreadySubscribed, and
   * what the provider throws
   */
  async begin(caller: Member, name: ProviderName, checkout: NewCheckout) {
    const plan = await this.plans.find(checkout.planId);
    if (!plan) throw new PlanNotOffered();
    this.requireOurs(checkout);
    const provider = this.providers.seller(name);

    const payment = await this.order(caller, provider, plan, checkout);
    const { url, ...opened } = await this.open(provider, caller, plan, payment, checkout);
    await this.payments.sendTo(payment, opened);
    return { payment: await this.payments.get(caller.organizationId, payment.id), checkoutUrl: url };
  }

  private order(
    { organizationId, userId }: Member,
    { name: provider, isLive }: PaymentProvider,
    plan: Plan,
    { quantity = 1, replace = false }: NewCheckout,
  ) {
    return this.db.transaction(async () => {
      const isTaken = plan.kind === 'plan' && !replace && (await this.payments.isSubscribed(organizationId));
      if (isTaken) throw new AlreadySubscribed();

      const live = isLive ?? true;
      const payment = await this.payments.order({ organizationId, userId, provider, plan, quantity, live });
      await this.activity.record('payment.created', { type: 'payment', id: payment.id }, { organizationId });
      return payment;
    });
  }

  private async open(
    provider: PaymentProvider,
    { organizationId, email }: Member,
    plan: Plan,
    { id, quantity }: Payment,
    { successUrl, cancelUrl }: NewCheckout,
  ): Promise<Checkout> {
    const { code, name, description, interval, amount, currency } = plan;
    const order = {
      paymentId: id,
      organizationId,
      quantity,
      email,
      successUrl: new URL(successUrl).href, // as we read it: others find another host in a URL with a backslash
      cancelUrl: new URL(cancelUrl).href,
      providerRef: refOf(plan, provider.name),
      plan: { code, name, description, interval },
      unitPrice: { amount, currency },
    };
    const opened = provider.createCheckout(order).then((checkout) => {
      if (!webUrl(checkout.url)) throw new ProviderRefused();
      this.providers.requireRealMoney(checkout.live);
      return checkout;
    });
    return opened.catch(async (error: unknown) => {
      await this.payments.giveUp(organizationId, id, error instanceof Problem ? error.code : 'error');
      throw error;
    });
  }

  /** A checkout must not become a way to send people just anywhere. @throws ValidationFailed */
  private requireOurs(checkout: NewCheckout): void {
    const errors = (['successUrl', 'cancelUrl'] as const)
      .filter((name) => !allowedRedirect(checkout[name], this.config))
      .map((name) => ({ pointer: `#/${name}`, detail: 'must be a page of APP_URL or of one of REDIRECT_ORIGINS' }));
    if (errors.length > 0) throw new ValidationFailed({ errors });
  }
}
