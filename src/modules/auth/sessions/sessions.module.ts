import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { Authenticator } from '../../../access/caller';
import { UsersModule } from '../../users/users.module';
import { AccessTokens } from '../tokens/access-tokens';
import { BearerAuthenticator } from '../tokens/bearer.authenticator';
import { DevicesService } from '../devices/devices.service';
import { JwtStrategy } from '../tokens/jwt.strategy';
import { SessionTokens } from './session-tokens';
import { SessionsController } from './sessions.controller';
import { SessionsPrivacy } from './sessions.privacy';
import { SessionsMail } from './sessions.mail';
import { SessionsService } from './sessions.service';

/** Global, so that the access guard, on a floor below, finds its Authenticator. */
@Global()
@Module({
  imports: [JwtModule.register({}), PassportModule, UsersModule],
  controllers: [SessionsController],
  providers: [
    SessionsService,
    DevicesService,
    AccessTokens,
    SessionTokens,
    JwtStrategy,
    SessionsMail,
    SessionsPrivacy,
    { provide: Authenticator, useClass: BearerAuthenticator },
  ],
  exports: [SessionsService, DevicesService, Authenticator],
})
export class SessionsModule {}
