import { Module } from '@nestjs/common';
import { FlutterwaveProvider } from './flutterwave.provider';
import { LemonSqueezyProvider } from './lemonsqueezy.provider';
import { ProvidersService } from './providers.service';
import { StripeProvider } from './stripe.provider';

@Module({
  providers: [ProvidersService, StripeProvider, FlutterwaveProvider, LemonSqueezyProvider],
  exports: [ProvidersService],
})
export class ProvidersModule {}
