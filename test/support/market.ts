import { randomBytes } from 'node:crypto';
import type { ProviderName } from '../../src/modules/payments/providers/port/payment.provider';
import type { Answer } from './answer';
import { House } from './house';
import { FlutterwaveStandIn } from './providers/flutterwave.stand-in';
import { LemonSqueezyStandIn } from './providers/lemonsqueezy.stand-in';
import { StripeStandIn } from './providers/stripe.stand-in';
import type { Visitor } from './visitor';

type Terms = { interval?: 'once' | 'month' | 'year'; amount?: number; currency?: string; limits?: object };

let plans = 0;

/** The three providers, on loopback. Each lists what the real one would have refused in our requests. */
export class Providers {
  private constructor(
    readonly stripe: StripeStandIn,
    readonly flutterwave: FlutterwaveStandIn,
    readonly lemonsqueezy: LemonSqueezyStandIn,
  ) {}

  static async open(): Promise<Providers> {
    return new Providers(await StripeStandIn.open(), await FlutterwaveStandIn.open(), await LemonSqueezyStandIn.open());
  }

  get settings(): Record<string, string> {
    return { ...this.stripe.settings, ...this.flutterwave.settings, ...this.lemonsqueezy.settings };
  }

  get faults(): string[] {
    return [this.stripe, this.flutterwave, this.lemonsqueezy].flatMap(({ faults }) => faults);
  }

  async close(): Promise<void> {
    await Promise.all([this.stripe, this.flutterwave, this.lemonsqueezy].map((provider) => provider.close()));
  }
}

/** A house that sells. */
export class Market {
  private constructor(
    readonly house: House,
    readonly providers: Providers,
    readonly staff: Visitor,
  ) {}

  static async open(settings: Record<string, string> = {}): Promise<Market> {
    const providers = await Providers.open();
    const house = await House.open({ ACCESS_TOKEN_TTL: '24h', ...providers.settings, ...settings });
    for (const left of ['payments SET ask_at', 'subscriptions SET live_for'])
      await house.query(`UPDATE ${left} = NULL`); // sold by providers of another file
    const staff = await house.user();
    await house.promote(staff);
    return new Market(house, providers, staff);
  }

  async close(): Promise<void> {
    await this.house.close();
    await this.providers.close();
  }

  /** Lets time pass, once nothing is on its way any more; these people sign in anew where they had to. */
  async advance(milliseconds: number, ...people: Visitor[]): Promise<void> {
    await this.house.settled(); // else a delivery's lease would run out, and it would be made twice
    this.house.clock.advance(milliseconds);
    for (const person of [this.staff, ...people]) await person.signIn(person.user.email);
  }

  /** A plan that every provider sells. */
  async plan({ interval = 'once', amount = 1900, currency = 'USD', limits = {} }: Terms = {}) {
    const { flutterwave, lemonsqueezy } = this.providers;
    const rhythm = { interval: interval === 'year' ? ('yearly' as const) : ('monthly' as const) };
    const providerRefs = {
      lemonsqueezy: lemonsqueezy.variant(interval),
      ...(interval !== 'once' && { flutterwave: flutterwave.plan({ amount: amount / 100, currency, ...rhythm }) }),
    };
    const code = `plan-${++plans}-${randomBytes(4).toString('hex')}`;
    const plan = { code, name: `Plan ${plans}`, amount, currency, interval, limits, providerRefs };
    return (await this.staff.post('/plans', plan)).expect(201);
  }

  async change(planId: string, changes: object): Promise<void> {
    (await this.staff.put(`/plans/${planId}`, changes)).expect(200);
  }

  async drop(planId: string): Promise<void> {
    (await this.staff.delete(`/plans/${planId}`)).expect(204);
  }

  /** Someone begins a checkout. */
  async checkout(buyer: Visitor, provider: ProviderName, planId: string, more: object = {}) {
    return (await buyer.post(`/payments/${provider}`, { planId, ...BACK, ...more })).expect(201);
  }

  /** Tells the app of events, as the provider does. */
  async tell(provider: ProviderName, events: object[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const event of events)
      answers.push(await this.providers[provider].deliver(event as never, this.house.visitor()));
    return answers;
  }

  /** The same of events that it takes. */
  async inform(provider: ProviderName, events: object[]): Promise<void> {
    for (const answer of await this.tell(provider, events)) answer.expect(200);
  }

  /** The seller gives money back. */
  refund({ organizationId }: Visitor, paymentId: string, body: object = {}, headers: Record<string, string> = {}) {
    return this.staff.post(`/payments/${paymentId}/refunds`, body, { 'organization-id': organizationId, ...headers });
  }

  /** Someone buys, and the provider tells. */
  async buy(buyer: Visitor, provider: ProviderName, terms: Terms = {}, more: object = {}) {
    const plan = await this.plan(terms);
    const { payment, checkoutUrl } = await this.checkout(buyer, provider, plan.id, more);
    await this.inform(provider, this.providers[provider].pay(checkoutUrl));
    return { plan, payment: (await buyer.get(`/payments/${payment.id}`)).expect(200), checkoutUrl };
  }
}

export const BACK = { successUrl: 'http://127.0.0.1:3000/thanks', cancelUrl: 'http://127.0.0.1:3000/billing' };
