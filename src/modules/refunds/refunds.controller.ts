import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowInHeader } from '../../access/allow';
import { CallerOf, Member } from '../../access/caller';
import { Returns, Throws } from '../../kit/http/contract';
import { Idempotent } from '../../kit/http/idempotency';
import { PageQuery } from '../../kit/http/page';
import { IdParam } from '../../kit/http/params';
import * as api from './refunds.api';
import { NotPaid, RefundBySeller, RefundTooLarge } from './refunds.errors';
import { RefundsService } from './refunds.service';

@ApiTags('Payments')
@Controller('payments/:paymentId/refunds')
export class RefundsController {
  constructor(private readonly refunds: RefundsService) {}

  @Get()
  @ApiOperation({ summary: 'List the refunds of a payment' })
  @AllowInHeader('billing:read', { staff: 'payments:read' })
  @Returns(200, api.RefundPage)
  listRefunds(
    @CallerOf() { organizationId }: Member,
    @IdParam('paymentId') paymentId: string,
    @Query() query: PageQuery,
  ) {
    return this.refunds.list(organizationId, paymentId, query);
  }

  @Post()
  @ApiOperation({
    summary: 'Give money back, all of it or a part',
    description:
      'The seller’s act: platform staff may always, a member only within REFUND_WINDOW after paying, once for the organization. A ' +
      'refund of the whole payment ends what it paid for.',
  })
  @AllowInHeader('billing:write', { staff: 'payments:write' })
  @Idempotent()
  @Returns(201, api.Refund)
  @Throws(RefundBySeller, NotPaid, RefundTooLarge)
  refundPayment(@CallerOf() caller: Member, @IdParam('paymentId') paymentId: string, @Body() refund: api.NewRefund) {
    return this.refunds.create(caller, paymentId, refund);
  }
}
