import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../../access/allow';
import { Returns, Throws } from '../../../http/contract/contract';
import { SlugParam } from '../../../http/contract/params';
import { Accepted, LinkToken, MAIL_ON_ITS_WAY } from '../../auth/links/links.api';
import { LinkDead } from '../../auth/links/links.errors';
import { ConfirmationService } from './confirmation.service';
import { WaitlistRequestsService } from './waitlist-requests.service';
import { NewWaitlistEntry, WaitlistPlace } from '../waitlist.api';

/** The side of those who wait. */
@ApiTags('Waitlist')
@Controller('public')
export class PublicWaitlistController {
  constructor(
    private readonly queue: WaitlistRequestsService,
    private readonly confirmations: ConfirmationService,
  ) {}

  @Post(':orgSlug/waitlist')
  @ApiOperation({
    summary: 'Ask for a place on the waiting list; a mailed link confirms it',
    description:
      'Anyone may ask, and the answer is the same whether or not the address waits already. It counts once the ' +
      'mailed link is followed; an organization none of whose Owners has proved a mailbox has no list (404).',
  })
  @Public()
  @Returns(202, Accepted)
  async joinWaitlist(@SlugParam('orgSlug') orgSlug: string, @Body() entry: NewWaitlistEntry) {
    await this.queue.request(orgSlug, entry);
    return MAIL_ON_ITS_WAY;
  }

  @Post('waitlist/confirm')
  @ApiOperation({
    summary: 'Confirm the place, and learn which one it is',
    description:
      'Uses the link up; the place is counted from the moment of the confirmation. Nothing else is told of the ' +
      'list.',
  })
  @Public()
  @Returns(200, WaitlistPlace)
  @Throws(LinkDead)
  confirmWaitlist(@Body() { token }: LinkToken) {
    return this.confirmations.confirm(token);
  }
}
