import { applyDecorators, Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowInHeader } from '../../../access/allow';
import { CurrentCaller, Member } from '../../../access/caller';
import { Returns, Throws } from '../../../http/contract/contract';
import { Idempotent } from '../../../http/idempotency/idempotency';
import { PlanNotOffered, ProviderAway, ProviderOff, ProviderRefused } from '../providers/port/providers.errors';
import { Checkout, NewCheckout } from './checkouts.api';
import { AlreadySubscribed } from './checkouts.errors';
import { CheckoutsService } from './checkouts.service';

const Sells = (provider: string) =>
  applyDecorators(
    ApiOperation({ summary: `Begin a checkout with ${provider}`, description: aboutSaleBy(provider) }),
    AllowInHeader('billing:write'),
    Idempotent({ callsOut: true }),
    Throws(AlreadySubscribed, PlanNotOffered, ProviderOff, ProviderAway, ProviderRefused),
  );

const aboutSaleBy = (provider: string) =>
  `Records a payment and has ${provider} open a page: send the buyer to \`checkoutUrl\`. ` +
  'What becomes of the payment is told by the provider: read it, or ask with `verify`.';

@ApiTags('Payments')
@Controller('payments')
export class CheckoutsController {
  constructor(private readonly checkouts: CheckoutsService) {}

  @Post('stripe')
  @Sells('Stripe')
  @Returns(201, Checkout)
  payWithStripe(@CurrentCaller() caller: Member, @Body() checkout: NewCheckout) {
    return this.checkouts.begin(caller, 'stripe', checkout);
  }

  @Post('flutterwave')
  @Sells('Flutterwave')
  @Returns(201, Checkout)
  payWithFlutterwave(@CurrentCaller() caller: Member, @Body() checkout: NewCheckout) {
    return this.checkouts.begin(caller, 'flutterwave', checkout);
  }

  @Post('lemonsqueezy')
  @Sells('Lemon Squeezy')
  @Returns(201, Checkout)
  payWithLemonSqueezy(@CurrentCaller() caller: Member, @Body() checkout: NewCheckout) {
    return this.checkouts.begin(caller, 'lemonsqueezy', checkout);
  }
}
