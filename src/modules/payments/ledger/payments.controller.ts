import { Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowInHeader } from '../../../access/allow';
import { CurrentCaller, Member } from '../../../access/caller';
import { Returns, Throws } from '../../../http/contract/contract';
import { PageQuery } from '../../../http/contract/page';
import { IdParam } from '../../../http/contract/params';
import { ProviderAway, ProviderOff, ProviderRefused } from '../providers/port/providers.errors';
import * as api from './payments.api';
import { PaymentsService } from './payments.service';

@ApiTags('Payments')
@Controller('payments')
export class PaymentsController {
  constructor(private readonly payments: PaymentsService) {}

  @Get()
  @ApiOperation({
    summary: 'List payments',
    description:
      'All payments of the organization, newest first, also those that failed or were never finished. Amounts are ' +
      'in minor units of the currency.',
  })
  @AllowInHeader('billing:read', { staff: 'payments:read' })
  @Returns(200, api.PaymentPage)
  listPayments(@CurrentCaller() { organizationId }: Member, @Query() query: PageQuery) {
    return this.payments.list(organizationId, query);
  }

  @Get(':paymentId')
  @ApiOperation({
    summary: 'Read a payment',
    description:
      'How it stands by the last news of the provider, with what was paid, for what, and what went back. Ask with ' +
      '`verify` where news may have been lost.',
  })
  @AllowInHeader('billing:read', { staff: 'payments:read' })
  @Returns(200, api.Payment)
  getPayment(@CurrentCaller() { organizationId }: Member, @IdParam('paymentId') id: string) {
    return this.payments.get(organizationId, id);
  }

  @Post(':paymentId/verify')
  @ApiOperation({
    summary: 'Ask the provider how a payment stands',
    description:
      'Reads at the provider what became of it and applies that as its own news would be, once. Use it when the ' +
      "buyer comes back before the provider's news does.",
  })
  @AllowInHeader('billing:write', { staff: 'payments:read' })
  @Returns(200, api.Payment)
  @Throws(ProviderOff, ProviderAway, ProviderRefused)
  verifyPayment(@CurrentCaller() { organizationId }: Member, @IdParam('paymentId') id: string) {
    return this.payments.verify(organizationId, id);
  }
}
