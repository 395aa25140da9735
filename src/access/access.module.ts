import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessCheck } from './access.check';
import { AccessGuard } from './access.guard';

@Module({ providers: [AccessCheck, { provide: APP_GUARD, useClass: AccessGuard }] })
export class AccessModule {}
