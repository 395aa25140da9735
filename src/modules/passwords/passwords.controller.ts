import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public, SignedIn } from '../../access/allow';
import { Caller, CallerOf } from '../../access/caller';
import { Returns, Throws } from '../../kit/http/contract';
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
  @ApiOperation({ summary: 'Mail a link that sets a new password' })
  @Public()
  @Returns(202, Accepted)
  async requestPasswordReset(@Body() { email }: MailAddress) {
    await this.links.request('reset-password', email);
    return MAIL_ON_ITS_WAY;
  }

  @Post('reset-password/confirm')
  @ApiOperation({ summary: 'Set a new password by a mailed link; ends every session' })
  @Public()
  @Returns(204)
  @Throws(LinkDead, Busy)
  async confirmPasswordReset(@Body() reset: api.PasswordReset) {
    await this.resets.confirm(reset);
  }

  @Post('change-password')
  @ApiOperation({ summary: 'Change my password; ends my other sessions' })
  @SignedIn()
  @Returns(204)
  @Throws(NoPassword, WrongPassword, Busy)
  async changePassword(@CallerOf() caller: Caller, @Body() change: api.PasswordChange) {
    await this.changes.change(caller, change);
  }

  @Post('step-up/mail-code')
  @ApiOperation({ summary: 'Mail me a code that proves, in this session, that it is me' })
  @SignedIn()
  @Returns(202, Accepted)
  async sendMailCode(@CallerOf() caller: Caller) {
    await this.codes.send(caller);
    return MAIL_ON_ITS_WAY;
  }
}
