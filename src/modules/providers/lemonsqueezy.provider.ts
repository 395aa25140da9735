import { Injectable } from '@nestjs/common';
import { type Checkout, type Fact, PaymentProvider, type ProviderEvent } from './payment.provider';
import { ProviderOff } from './providers.errors';

@Injectable()
export class LemonSqueezyProvider extends PaymentProvider {
  readonly name = 'lemonsqueezy';
  readonly isOn = false;

  createCheckout(): Promise<Checkout> {
    throw new ProviderOff();
  }
  readEvent(): ProviderEvent {
    throw new ProviderOff();
  }
  lookUp(): Promise<Fact[]> {
    throw new ProviderOff();
  }
  refund(): Promise<Fact[]> {
    throw new ProviderOff();
  }
  cancelSubscription(): Promise<Fact[]> {
    throw new ProviderOff();
  }
}
