import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../../config/config';
import { FlutterwaveProvider } from './flutterwave.provider';
import { LemonSqueezyProvider } from './lemonsqueezy.provider';
import type { PaymentProvider, ProviderName } from './port/payment.provider';
import { ProviderOff } from './port/providers.errors';
import { StripeProvider } from './stripe.provider';

/** Those who take money for us, by name. */
@Injectable()
export class ProvidersService {
  private readonly byName: Record<ProviderName, PaymentProvider>;

  constructor(
    stripe: StripeProvider,
    flutterwave: FlutterwaveProvider,
    lemonsqueezy: LemonSqueezyProvider,
    @Inject(CONFIG) private readonly config: Pick<Config, 'TEST_PAYMENTS'>,
  ) {
    this.byName = { stripe, flutterwave, lemonsqueezy };
  }

  get isAnyOn(): boolean {
    return Object.values(this.byName).some(({ isOn }) => isOn);
  }

  /** @throws ProviderOff when it is not set up. */
  get(name: ProviderName): PaymentProvider {
    const provider = this.byName[name];
    if (!provider.isOn) throw new ProviderOff();
    return provider;
  }

  /** Whether it is set up. */
  isOn(name: ProviderName): boolean {
    return this.byName[name].isOn;
  }

  /** Whether it is the seller by law, and sends the invoices. */
  isMerchantOfRecord(name: ProviderName): boolean {
    return this.byName[name].isMerchantOfRecord;
  }

  /** Whether it can know what was sold so: a live key knows nothing that a test key sold, nor the other way round. */
  knows(name: ProviderName, live: boolean): boolean {
    const { isOn, isLive } = this.byName[name];
    return isOn && (isLive ?? live) === live;
  }

  /** The same, for one that is to sell. @throws ProviderOff also where its key moves no real money and such payments are refused. */
  seller(name: ProviderName): PaymentProvider {
    const provider = this.get(name);
    this.requireRealMoney(provider.isLive);
    return provider;
  }

  /** @param live null where only an answer will tell. @throws ProviderOff for test money, where it is refused */
  requireRealMoney(live: boolean | null): void {
    if (live === false && this.refusesTests) throw new ProviderOff({ detail: 'Its key is a test key.' });
  }

  /** Whether test money buys nothing here. */
  get refusesTests(): boolean {
    return this.config.TEST_PAYMENTS === 'refused';
  }
}
