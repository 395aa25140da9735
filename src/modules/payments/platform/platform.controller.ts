import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Staff } from '../../../access/allow';
import { Returns } from '../../../http/contract/contract';
import { PaymentsService } from '../ledger/payments.service';
import * as api from './platform.api';

/** What the people who run the platform see across organizations. */
@ApiTags('Payments')
@Controller('platform')
export class PlatformController {
  constructor(private readonly payments: PaymentsService) {}

  @Get('payments')
  @ApiOperation({
    summary: 'List the payments of all organizations',
    description:
      'The whole ledger, newest first, also of organizations that are gone: by provider, status, organization, or what the provider ' +
      'calls the payment. It says nothing of who paid.',
  })
  @Staff('payments:read')
  @Returns(200, api.PlatformPaymentPage)
  listPlatformPayments(@Query() { provider, status, organization, reference, ...page }: api.PlatformPaymentQuery) {
    return this.payments.listAcrossOrganizations(page, {
      ...(provider && { provider }),
      ...(status && { status }),
      ...(organization && { organizationId: organization }),
      ...(reference && { reference }),
    });
  }
}
