import type { IncomingHttpHeaders } from 'node:http';
import { Controller, Headers, Post } from '@nestjs/common';
import { ApiHeaders, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Public } from '../../../access/allow';
import { Returns, Throws } from '../../../http/contract/contract';
import { EnumParam } from '../../../http/contract/params';
import { RawBody, TakesRawBody } from '../../../http/server/raw-body';
import { RateLimit } from '../../../rate-limit/rate-limit';
import { type ProviderName, PROVIDERS } from '../providers/port/payment.provider';
import {
  BadSignature,
  ForeignEvent,
  ProviderAway,
  ProviderOff,
  ProviderRefused,
} from '../providers/port/providers.errors';
import { Received } from './webhooks.api';
import { OtherApiVersion } from './webhooks.errors';
import { WebhooksService } from './webhooks.service';

/** What proves an event, by provider; see each provider. */
const PROOFS = { 'Stripe-Signature': 'Stripe', 'verif-hash': 'Flutterwave', 'X-Signature': 'Lemon Squeezy' };

@ApiTags('Payments')
@Controller('payments/:provider/webhook')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksService) {}

  @Post()
  @ApiOperation({
    summary: 'For payment providers: tell what became of a payment',
    description:
      'Proved by the provider’s own signature over the body, in the header that it uses for it. The same news ' +
      'twice changes nothing; a refusal makes the provider try again.',
  })
  @ApiParam({ name: 'provider', enum: PROVIDERS })
  @ApiHeaders(Object.entries(PROOFS).map(([name, who]) => ({ name, required: false, description: `From ${who}.` })))
  @Public()
  @RateLimit('free') // all the news of all organizations comes from a few addresses
  @TakesRawBody('An event, as the provider sends it.')
  @Returns(200, Received)
  @Throws(BadSignature, OtherApiVersion, ForeignEvent, ProviderOff, ProviderAway, ProviderRefused)
  async receivePaymentEvent(
    @EnumParam('provider', PROVIDERS) provider: ProviderName,
    @RawBody() body: Buffer,
    @Headers() headers: IncomingHttpHeaders,
  ) {
    await this.webhooks.receive(provider, body, headers);
    return { received: true };
  }
}
