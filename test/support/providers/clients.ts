import { newId } from '../../../src/kit/id';
import { FlutterwaveProvider } from '../../../src/modules/payments/providers/flutterwave.provider';
import { LemonSqueezyProvider } from '../../../src/modules/payments/providers/lemonsqueezy.provider';
import type {
  CheckoutOrder,
  Fact,
  PaymentProvider,
  ProviderName,
} from '../../../src/modules/payments/providers/port/payment.provider';
import { StripeProvider } from '../../../src/modules/payments/providers/stripe.provider';
import { FlutterwaveStandIn } from './flutterwave.stand-in';
import { LemonSqueezyStandIn } from './lemonsqueezy.stand-in';
import { StripeStandIn } from './stripe.stand-in';

/** The clients of the three providers, each before its stand-in, without an app around them. */
export class Clients {
  readonly clients: Record<ProviderName, PaymentProvider>;

  private constructor(
    readonly stripe: StripeStandIn,
    readonly flutterwave: FlutterwaveStandIn,
    readonly lemonsqueezy: LemonSqueezyStandIn,
  ) {
    this.clients = {
      stripe: new StripeProvider(stripe.settings),
      flutterwave: new FlutterwaveProvider(flutterwave.settings),
      lemonsqueezy: new LemonSqueezyProvider({ NODE_ENV: 'test', ...lemonsqueezy.settings }),
    };
  }

  static async open(): Promise<Clients> {
    return new Clients(await StripeStandIn.open(), await FlutterwaveStandIn.open(), await LemonSqueezyStandIn.open());
  }

  async close(): Promise<void> {
    await Promise.all([this.stripe.close(), this.flutterwave.close(), this.lemonsqueezy.close()]);
  }

  /** Sells a plan of 19.99 US dollars. */
  async checkOut(name: ProviderName, changes: Partial<CheckoutOrder> & { interval?: 'once' | 'month' } = {}) {
    const { interval = 'once', ...more } = changes;
    const refs = {
      stripe: undefined,
      lemonsqueezy: this.lemonsqueezy.variant(interval),
      flutterwave: this.flutterwave.plan({ amount: 19.99, currency: 'USD', interval: 'monthly' }),
    };
    const paymentId = newId();
    const checkout = await this.clients[name].createCheckout({
      paymentId,
      organizationId: newId(),
      plan: { code: 'pro', name: 'Pro', description: 'All of it', interval },
      providerRef: refs[name],
      quantity: 1,
      unitPrice: { amount: 1999, currency: 'USD' },
      email: 'ada@example.com',
      successUrl: 'https://app.example.com/thanks',
      cancelUrl: 'https://app.example.com/plans',
      ...more,
    });
    return { paymentId, ...checkout };
  }

  /** What the client makes of events, signed as they should be; it asks where it has to. */
  async told(name: ProviderName, events: object | object[]): Promise<Fact[]> {
    const facts: Fact[] = [];
    for (const event of [events].flat()) {
      const { body, headers } = this[name].sign(event as never);
      const read = this.clients[name].readEvent(Buffer.from(body), headers);
      facts.push(...(read.ask ? await this.clients[name].lookUp(read.ask) : read.facts));
    }
    return facts;
  }
}
