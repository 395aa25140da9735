import { Injectable } from '@nestjs/common';
import { FlutterwaveProvider } from './flutterwave.provider';
import { LemonSqueezyProvider } from './lemonsqueezy.provider';
import type { PaymentProvider, ProviderName } from './payment.provider';
import { ProviderOff } from './providers.errors';
import { StripeProvider } from './stripe.provider';

/** Those who take money for us, by name. */
@Injectable()
export class ProvidersService {
  private readonly byName: Record<ProviderName, PaymentProvider>;

  constructor(stripe: StripeProvider, flutterwave: FlutterwaveProvider, lemonsqueezy: LemonSqueezyProvider) {
    this.byName = { stripe, flutterwave, lemonsqueezy };
  }

  /** @throws ProviderOff when it is not set up. */
  get(name: ProviderName): PaymentProvider {
    const provider = this.byName[name];
    if (!provider.isOn) throw new ProviderOff();
    return provider;
  }
}
