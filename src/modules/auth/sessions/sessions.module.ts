import { Global, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { Callers } from '../../../access/caller';
import { UsersModule } from '../../users/users.module';
import { AccessTokens } from '../tokens/access-tokens';
import { BearerCallers } from '../tokens/bearer.authenticator';
import { DevicesService } from '../devices/devices.service';
import { JwtStrategy } from '../tokens/jwt.strategy';
import { SessionTokens } from './session-tokens';
import { SessionsController } from './sessions.controller';
import { SessionsHoldings } from './sessions.privacy';
import { SessionsMail } from './sessions.mail';
import { SessionsService } from './sessions.service';

/** Global, so that the access guard, on a floor below, finds its Callers. */
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
    SessionsHoldings,
    { provide: Callers, useClass: BearerCallers },
  ],
  exports: [SessionsService, DevicesService, Callers],
})
export class SessionsModule {}
