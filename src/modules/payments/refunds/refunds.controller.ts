import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowInHeader } from '../../../access/allow';
import { CurrentCaller, Member } from '../../../access/caller';
import { Returns, Throws } from '../../../http/contract/contract';
import { Idempotent } from '../../../http/idempotency/idempotency';
import { PageQuery } from '../../../http/contract/page';
import { IdParam } from '../../../http/contract/params';
import * as api from './refunds.api';
import { NotPaid, RefundBySeller, RefundTooLarge } from './refunds.errors';
import { RefundsService } from './refunds.service';

@ApiTags('Payments')
@Controller('payments/:paymentId/refunds')
export class RefundsController {
  constructor(private readonly refunds: RefundsService) {}

  @Get()
  @ApiOperation({
    summary: 'List the refunds of a payment',
    description:
      'Newest first, with how each stands: the provider may still be at work on one, or may have refused it. What ' +
      'went back in all is in the payment.',
  })
  @AllowInHeader('billing:read', { staff: 'payments:read' })
  @Returns(200, api.RefundPage)
  listRefunds(
    @CurrentCaller() { organizationId }: Member,
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
      'refund of the whole payment ends what it paid for, unless `access` is `keep`. ' +
      'Without an amount it is all that is left; it is set aside at once and sent to the provider after the answer.',
  })
  @AllowInHeader('billing:write', { staff: 'payments:write' })
  @Idempotent()
  @Returns(201, api.Refund)
  @Throws(RefundBySeller, NotPaid, RefundTooLarge)
  refundPayment(
    @CurrentCaller() caller: Member,
    @IdParam('paymentId') paymentId: string,
    @Body() refund: api.NewRefund,
  ) {
    return this.refunds.create(caller, paymentId, refund);
  }
}
