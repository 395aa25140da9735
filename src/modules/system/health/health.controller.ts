import { Controller, Get, Header, Headers, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { timingSafeEqual } from 'node:crypto';
import { Public } from '../../../access/allow';
import { CONFIG, type Config } from '../../../config/config';
import { NotFound, Unauthenticated } from '../../../kit/problem';
import { Raw, Returns, Throws } from '../../../http/contract/contract';
import { Metrics } from '../../../telemetry/metrics';
import { RateLimitStore } from '../../../rate-limit/rate-limit.store';
import { RateLimit } from '../../../rate-limit/rate-limit';
import { hashToken } from '../../../kit/token';
import { ReadinessService } from './readiness.service';
import { Liveness, Readiness } from './system.api';
import { NotReady } from './system.errors';

/** What orchestrators and monitors ask. */
@ApiTags('System')
@Controller()
export class HealthController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly readiness: ReadinessService,
    private readonly metrics: Metrics,
    private readonly counters: RateLimitStore,
  ) {}

  @Get('health/live')
  @ApiOperation({
    summary: 'Whether the process answers; restart it when it does not',
    description:
      'Asks nothing of the database, and needs no sign-in. Not answering is the sign: what is answered is always ' +
      'the same.',
  })
  @Public()
  @RateLimit('free')
  @Returns(200, Liveness)
  getLiveness(): Liveness {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @ApiOperation({
    summary: 'Whether requests may be sent here, or what is missing',
    description:
      "Looks whether the database answers, takes writes and has this version's tables, and says 503 with the reason " +
      'otherwise, also from the moment that the instance is told to stop. Redis being away is no reason.',
  })
  @Public()
  @RateLimit('free')
  @Returns(200, Readiness)
  @Throws(NotReady)
  async getReadiness(): Promise<Readiness> {
    await this.readiness.check();
    return { status: 'ready', checks: { database: 'ok', migrations: 'ok', redis: await this.counters.redis() } };
  }

  @Get('metrics')
  @ApiOperation({
    summary: 'Metrics for Prometheus',
    description:
      'Counters and times in the text format of Prometheus. The bearer token is the setting METRICS_TOKEN. ' +
      'Without that setting there are no metrics: 404.',
  })
  @ApiOkResponse({ description: 'As asked.', content: { 'text/plain': { schema: { type: 'string' } } } })
  @Header('content-type', Metrics.contentType)
  @Public({ token: 'metrics' })
  @RateLimit('free')
  @Raw()
  @Throws(NotFound)
  getMetrics(@Headers('authorization') authorization = ''): Promise<string> {
    if (!this.config.METRICS_TOKEN) throw new NotFound();
    if (!isEqual(authorization.replace(/^bearer /i, ''), this.config.METRICS_TOKEN)) throw new Unauthenticated();

    return this.metrics.text();
  }
}

/** In constant time, whatever the lengths. */
const isEqual = (given: string, wanted: string): boolean =>
  timingSafeEqual(Buffer.from(hashToken(given)), Buffer.from(hashToken(wanted)));
