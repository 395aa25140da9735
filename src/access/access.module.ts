import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { BodyGuard } from '../http/contract/body.guard';
import { AccessCheck } from './access.check';
import { AccessGuard } from './access.guard';
import { RateLimitGuard } from './rate-limit.guard';

/** The guards, in the order in which they are asked: who calls too often costs no query. */
@Module({
  providers: [
    AccessCheck,
    { provide: APP_GUARD, useClass: RateLimitGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
    { provide: APP_GUARD, useClass: BodyGuard },
  ],
})
export class AccessModule {}
