import { Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowInHeader } from '../../access/allow';
import { CallerOf, Member } from '../../access/caller';
import { Returns, Throws } from '../../kit/http/contract';
import { PageQuery } from '../../kit/http/page';
import { IdParam } from '../../kit/http/params';
import { ProviderAway, ProviderOff, ProviderRefused } from '../providers/providers.errors';
import * as api from './payments.api';
import { PaymentsService } from './payments.service';

@ApiTags('Payments')
@Controller('payments')
export class PaymentsController {
  constructor(private readonly payments: PaymentsService) {}

  @Get()
  @ApiOperation({ summary: 'List payments' })
  @AllowInHeader('billing:read', { staff: 'payments:read' })
  @Returns(200, api.PaymentPage)
  listPayments(@CallerOf() { organizationId }: Member, @Query() query: PageQuery) {
    return this.payments.list(organizationId, query);
  }

  @Get(':paymentId')
  @ApiOperation({ summary: 'Read a payment' })
  @AllowInHeader('billing:read', { staff: 'payments:read' })
  @Returns(200, api.Payment)
  getPayment(@CallerOf() { organizationId }: Member, @IdParam('paymentId') id: string) {
    return this.payments.get(organizationId, id);
  }

  @Post(':paymentId/verify')
  @ApiOperation({ summary: 'Ask the provider how a payment stands' })
  @AllowInHeader('billing:write', { staff: 'payments:read' })
  @Returns(200, api.Payment)
  @Throws(ProviderOff, ProviderAway, ProviderRefused)
  verifyPayment(@CallerOf() { organizationId }: Member, @IdParam('paymentId') id: string) {
    return this.payments.verify(organizationId, id);
  }
}
