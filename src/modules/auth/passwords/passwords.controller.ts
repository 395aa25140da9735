import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public, SignedIn } from '../../../access/allow';
import { Caller, CurrentCaller } from '../../../access/caller';
import { Returns, Throws } from '../../../http/contract/contract';
import { Accepted, MAIL_ON_ITS_WAY, MailAddress } from '../links/links.api';
import { LinkDead } from '../links/links.errors';
import { LinksService } from '../links/links.service';
import { MailCodesService } from './mail-codes.service';
import { PasswordChangeService } from './password-change.service';
import { PasswordResetService } from './password-reset.service';
import * as api from './passwords.api';
import { Busy, NoPassword, WrongPassword } from './passwords.errors';

@ApiTags('Passwords')
@Controller('auth')
export class PasswordsController {
  constructor(
    private readonly links: LinksService,
    private readonly resets: PasswordResetService,
    private readonly changes: PasswordChangeService,
    private readonly codes: MailCodesService,
  ) {}

  @Post('reset-password')
  @ApiOperation({
    summary: 'Mail a link that sets a new password',
    description:
      'The answer is the same whether or not there is such an account. The newest link alone works, once, for ' +
      'half an hour unless configured otherwise; the password stays until it is used.',
  })
  @Public()
  @Returns(202, Accepted)
  async requestPasswordReset(@Body() { email }: MailAddress) {
    await this.links.request('reset-password', email);
    return MAIL_ON_ITS_WAY;
  }

  @Post('reset-password/confirm')
  @ApiOperation({
    summary: 'Set a new password by a mailed link; ends every session',
    description:
      'Uses the link up, proves the mailbox and tells the owner by mail. All sessions and other links of the ' +
      'account die, and so do identities that only the old password had confirmed; sign in anew afterwards. A ' +
      'poor password leaves the link as it is.',
  })
  @Public()
  @Returns(204)
  @Throws(LinkDead, Busy)
  async confirmPasswordReset(@Body() reset: api.PasswordReset) {
    await this.resets.confirm(reset);
  }

  @Post('change-password')
  @ApiOperation({
    summary: 'Change my password; ends my other sessions',
    description:
      'Wants the current one, and counts wrong guesses with those at any other door. This session stays, mailed ' +
      'links die, and the owner is told by mail.',
  })
  @SignedIn()
  @Returns(204)
  @Throws(NoPassword, WrongPassword, Busy)
  async changePassword(@CurrentCaller() caller: Caller, @Body() change: api.PasswordChange) {
    await this.changes.change(caller, change);
  }

  @Post('step-up/mail-code')
  @ApiOperation({
    summary: 'Mail me a code that proves, in this session, that it is me',
    description:
      'Eight digits to the address of your account, good once, for ten minutes, in this session only; a newer ' +
      'code replaces it. Where a route asks for the person, send it as `mailCode` in place of the password.',
  })
  @SignedIn()
  @Returns(202, Accepted)
  async sendMailCode(@CurrentCaller() caller: Caller) {
    await this.codes.send(caller);
    return MAIL_ON_ITS_WAY;
  }
}
