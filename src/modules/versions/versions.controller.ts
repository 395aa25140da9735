import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public, Staff } from '../../access/allow';
import { Returns, Throws } from '../../kit/http/contract';
import { PageQuery } from '../../kit/http/page';
import * as api from './versions.api';
import { VersionKnown } from './versions.errors';
import { VersionsService } from './versions.service';

@ApiTags('Versions')
@Controller('versions')
export class VersionsController {
  constructor(private readonly versions: VersionsService) {}

  @Get()
  @ApiOperation({ summary: 'List the versions that ran here' })
  @Public()
  @Returns(200, api.VersionPage)
  listVersions(@Query() query: PageQuery) {
    return this.versions.list(query);
  }

  @Get('current')
  @ApiOperation({ summary: 'Read which version runs' })
  @Public()
  @Returns(200, api.Version)
  getCurrentVersion() {
    return this.versions.current();
  }

  @Post()
  @ApiOperation({ summary: 'Record a version; each one that starts records itself' })
  @Staff('versions:write')
  @Returns(201, api.Version)
  @Throws(VersionKnown)
  recordVersion(@Body() version: api.NewVersion) {
    return this.versions.record(version);
  }
}
