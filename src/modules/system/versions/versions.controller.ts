import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public, Staff } from '../../../access/allow';
import { Returns, Throws } from '../../../http/contract/contract';
import { PageQuery } from '../../../http/contract/page';
import * as api from './versions.api';
import { VersionKnown } from './versions.errors';
import { VersionsService } from './versions.service';

@ApiTags('Versions')
@Controller('versions')
export class VersionsController {
  constructor(private readonly versions: VersionsService) {}

  @Get()
  @ApiOperation({
    summary: 'List the versions that ran here',
    description:
      'Newest first, each with what was new in it. A version stands here once, however many instances ran it.',
  })
  @Public()
  @Returns(200, api.VersionPage)
  listVersions(@Query() query: PageQuery) {
    return this.versions.list(query);
  }

  @Get('current')
  @ApiOperation({
    summary: 'Read which version runs',
    description:
      'Of the instance that answers, with what was new in it. While a deployment rolls out, two instances may say ' +
      'different things.',
  })
  @Public()
  @Returns(200, api.Version)
  getCurrentVersion() {
    return this.versions.current();
  }

  @Post()
  @ApiOperation({
    summary: 'Record a version; each one that starts records itself',
    description:
      'For platform staff, where a deployment wants one on record that has not started yet. A version that is ' +
      'known is refused; none can be changed or taken back.',
  })
  @Staff('versions:write')
  @Returns(201, api.Version)
  @Throws(VersionKnown)
  recordVersion(@Body() version: api.NewVersion) {
    return this.versions.record(version);
  }
}
