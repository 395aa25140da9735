import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { CONFIG } from '../kit/config';
import { Counters } from '../kit/throttle/counters';
import { AccessCheck } from './access.check';
import { AccessGuard } from './access.guard';
import { allowances, ThrottleGuard } from './throttle.guard';

/** The guards, in the order in which they are asked: who calls too often costs no query. */
@Module({
  imports: [ThrottlerModule.forRootAsync({ inject: [CONFIG, Counters], useFactory: allowances })],
  providers: [
    AccessCheck,
    { provide: APP_GUARD, useClass: ThrottleGuard },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
})
export class AccessModule {}
