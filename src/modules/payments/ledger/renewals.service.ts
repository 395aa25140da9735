import { Injectable } from '@nestjs/common';
import { DAY } from '../../../kit/clock';
import { OrganizationsService } from '../../organizations/organizations.service';
import { endOfPeriod } from '../plans/plan.entity';
import type { Bill, LikelyFact, PaymentFact, ProviderName } from '../providers/port/payment.provider';
import { ProvidersService } from '../providers/providers.service';
import { isDue, type Subscription } from '../subscriptions/records/subscription.entity';
import { TermsService } from '../subscriptions/terms.service';
import { chargedAt } from './records/bill';
import { ChargesService, type KnownBy } from './charges.service';
import type { Outcome } from './records/outcome';
import type { Payment } from './records/payment.entity';
import { PaymentsRepository } from './records/payments.repository';

/** How much earlier than to the day a provider may charge for the next period. */
const EARLY = 3 * DAY;

/** Payments that nobody asked for here: a provider renews a subscription. Part of a transaction. */
@Injectable()
export class RenewalsService {
  constructor(
    private readonly payments: PaymentsRepository,
    private readonly terms: TermsService,
    private readonly charges: ChargesService,
    private readonly organizations: OrganizationsService,
    private readonly providers: ProvidersService,
  ) {}

  /** News of a charge, by the name of a payment. */
  async take(payment: Payment, fact: PaymentFact): Promise<Outcome> {
    if (fact.status !== 'succeeded') return this.charges.proceed(payment, fact);
    const namesake = await this.payments.named(payment.provider, { reference: fact.reference });
    const isOther =
      (payment.reference ?? fact.reference) !== fact.reference || (namesake && namesake.id !== payment.id);
    if (this.isTest(payment)) return this.charges.refuse('test-money', payment, fact, null);
    return isOther ? this.chargeAgain(payment, fact, namesake) : this.charges.succeed(payment, fact);
  }

  /** Of the subscription that the fact names, or of the only one that it may be of. Unknown ones may still become known. */
  async renew(provider: ProviderName, fact: PaymentFact): Promise<Outcome> {
    if (fact.reference === null) return 'waiting';
    const may = await this.candidates(provider, fact);
    if (may.length === 0) return 'waiting';
    if (may.length === 1) return this.charge(may[0]!, fact, fact.subscription ? 'name' : 'likeness');
    if (fact.status !== 'succeeded') return 'applied';
    for (const one of may)
      await this.charges.refuse('likely-paid', firstOf(one), { ...fact, subscription: one.reference! }, one);
    return 'refused';
  }

  /** A payment for this subscription, in a row of its own. */
  private async charge({ organizationId, id }: Subscription, fact: PaymentFact, by: KnownBy): Promise<Outcome> {
    await this.organizations.lock(organizationId);
    const subscription = await this.terms.find(organizationId, id);
    if (!subscription) return 'waiting'; // it has just gone, with its organization
    const known = await this.payments.named(subscription.provider, { reference: fact.reference });
    if (known && known.subscriptionId !== id) return 'refused'; // it was counted for another one
    const payment = known ?? (await this.add(subscription, fact));
    if (fact.status !== 'succeeded') return this.charges.proceed(payment, fact);
    if (by !== 'person' && this.isTest(payment)) return this.charges.refuse('test-money', payment, fact, subscription);
    return this.charges.succeed(payment, fact, by);
  }

  /** Several orders may look like a payment: a person says which it is. */
  async suspect(payment: Payment, { reference, bill }: LikelyFact): Promise<Outcome> {
    if (payment.isPaid || (await this.payments.named(payment.provider, { reference }))) return 'applied';
    const fact = { kind: 'payment' as const, status: 'succeeded' as const, reference, bill };
    return this.charges.refuse('likely-paid', payment, fact, null);
  }

  /** A person says that it is what was asked, or a renewal of it. */
  async accept(payment: Payment, fact: PaymentFact): Promise<void> {
    const named = await this.payments.named(payment.provider, fact);
    if (named?.isPaid) return; // it was counted otherwise
    const subscription = await this.terms.find(payment.organizationId, payment.subscriptionId);
    if (subscription && payment.isPaid) await this.charge(subscription, fact, 'person');
    else await this.charges.succeed(named ?? payment, fact, 'person');
  }

  /** A person says that it is for a period more, after what is paid for. */
  async carryOn(payment: Payment, { at: _before, ...fact }: PaymentFact): Promise<void> {
    const subscription = await this.terms.find(payment.organizationId, payment.subscriptionId);
    const bill = { ...fact.bill, covers: undefined };
    if (subscription) await this.charge(subscription, { ...fact, bill }, 'person');
  }

  /**
   * A charge under another name than the payment's is one too many. But Flutterwave may renew under the name of the first payment: what
   * is of another period renews it.
   */
  private async chargeAgain(payment: Payment, fact: PaymentFact, named: Payment | null): Promise<Outcome> {
    const { organizationId, subscriptionId } = payment;
    const subscription = await this.terms.find(organizationId, subscriptionId);
    if (named?.subscriptionId === subscriptionId && named.isPaid) return 'applied';
    const all = await this.payments.list(organizationId, { subscriptionId });
    if (subscription && !named && isOtherPeriod(fact, all, subscription))
      return this.charge(subscription, fact, 'likeness');
    return this.charges.refuseAgain(payment, fact, subscription);
  }

  /** Whether it would be paid by a test key, where that buys nothing. */
  private isTest({ live, isPaid }: Payment): boolean {
    return !live && !isPaid && this.providers.refusesTests;
  }

  private async candidates(provider: ProviderName, { subscription, among = [], at }: PaymentFact) {
    if (subscription) return [await this.terms.named(provider, subscription)].filter((one) => one !== null);
    const known = [];
    for (const name of among) known.push(await this.terms.named(provider, name));
    const may = known.filter((one) => one !== null && one.endedAt === null).map((one) => one!);
    const soon = new Date(chargedAt({ at }).getTime() + EARLY);
    const due = may.filter((one) => isDue(one, soon));
    return due.length === 1 ? due : may;
  }

  private add(subscription: Subscription, { bill, reference }: PaymentFact): Promise<Payment> {
    const { organizationId, id: subscriptionId, provider, plan, planName, quantity, live } = subscription;
    return this.payments.add(organizationId, {
      ...emptyLines(bill),
      subscriptionId,
      provider,
      plan,
      planName,
      quantity,
      live,
      userId: null,
      reference,
      status: 'created',
      refundedAmount: 0,
      paidAt: null,
    });
  }
}

const firstOf = ({ paymentId: id, organizationId, id: subscriptionId, provider }: Subscription) =>
  ({ id, organizationId, subscriptionId, provider }) as Payment;

const emptyLines = ({ currency, subtotal, total, paid: amount }: Bill) => ({ currency, subtotal, total, amount });

/** Whether a charge is about an interval away from each that was paid. */
function isOtherPeriod(fact: PaymentFact, paid: Payment[], { interval, provider }: Subscription): boolean {
  if (interval === 'once' || provider !== 'flutterwave') return false;
  const charged = chargedAt(fact);
  const isApart = (one: Date, other: Date) => endOfPeriod(one, interval)!.getTime() - EARLY <= other.getTime();
  const times = paid.flatMap(({ paidAt }) => paidAt ?? []);
  return times.every((time) => (time < charged ? isApart(time, charged) : isApart(charged, time)));
}
