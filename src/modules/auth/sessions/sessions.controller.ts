import { Body, Controller, Delete, Get, Header, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public, SignedIn } from '../../../access/allow';
import { Caller, CurrentCaller } from '../../../access/caller';
import { NotFound } from '../../../kit/problem';
import { Returns, Throws } from '../../../http/contract/contract';
import { PageQuery } from '../../../http/contract/page';
import { mapPage } from '../../../database/page';
import { IdParam } from '../../../http/contract/params';
import { RateLimit } from '../../../rate-limit/rate-limit';
import { AccessTokens } from '../tokens/access-tokens';
import { Jwks } from '../tokens/tokens.api';
import * as api from './sessions.api';
import { RefreshInvalid } from './sessions.errors';
import { SessionsService } from './sessions.service';

@ApiTags('Sessions')
@Controller()
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly tokens: AccessTokens,
  ) {}

  @Post('auth/refresh')
  @ApiOperation({
    summary: 'Trade a refresh token for new tokens',
    description:
      'The token is good once; keep the one that comes back. The same one may be sent again after a lost answer; ' +
      'an old one that comes later shows a theft: the session ends, and its owner is told by mail.',
  })
  @Public()
  @RateLimit('usual') // a token cannot be guessed, and everyone comes every few minutes
  @Returns(200, api.SignedIn)
  @Throws(RefreshInvalid)
  async refresh(@Body() { refreshToken }: api.RefreshToken) {
    return api.showSignedIn(await this.sessions.refresh(refreshToken));
  }

  @Post('auth/logout')
  @ApiOperation({
    summary: 'End this session; its access token dies at once',
    description:
      'Other sessions go on. No token of this session, access or refresh, is taken from the next request on.',
  })
  @SignedIn()
  @Returns(204)
  async logout(@CurrentCaller() { userId, sessionId }: Caller) {
    await this.sessions.end(userId, sessionId);
  }

  @Get('auth/sessions')
  @ApiOperation({
    summary: 'List my sessions',
    description:
      'Every device that is signed in as you, with network address and last use; `current` marks the one that ' +
      'asks. Ended and expired ones are not there.',
  })
  @SignedIn()
  @Returns(200, api.SessionPage)
  async listSessions(@CurrentCaller() { userId, sessionId }: Caller, @Query() query: PageQuery) {
    return mapPage(await this.sessions.list(userId, query), (session) => api.showSession(session, sessionId));
  }

  @Delete('auth/sessions/:sessionId')
  @ApiOperation({
    summary: 'End one of my sessions',
    description:
      'Its tokens stop working at once, on every instance. Ending the session that asks is the same as signing ' +
      'out.',
  })
  @SignedIn()
  @Returns(204)
  @Throws(NotFound)
  async endSession(@CurrentCaller() { userId }: Caller, @IdParam('sessionId') id: string) {
    await this.sessions.end(userId, id);
  }

  @Delete('auth/sessions')
  @ApiOperation({
    summary: 'End all my other sessions',
    description:
      'For when a device was lost: everyone but this session is signed out at once, and sign-ins under way come ' +
      'to nothing. Mailed links and the password stay.',
  })
  @SignedIn()
  @Returns(204)
  async endOtherSessions(@CurrentCaller() { userId, sessionId }: Caller) {
    await this.sessions.endOthers(userId, sessionId);
  }

  @Get('.well-known/jwks.json')
  @ApiOperation({
    summary: 'The public keys that verify access tokens',
    description:
      'For services of yours that verify access tokens themselves (RFC 7517). Keep it for five minutes: a key is ' +
      'published here before it signs, and as long as anything it signed is valid.',
  })
  @Public()
  @Header('Cache-Control', 'public, max-age=300')
  @Returns(200, Jwks)
  getJwks() {
    return { keys: this.tokens.jwks };
  }
}
