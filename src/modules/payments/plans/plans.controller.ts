import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public, Staff } from '../../../access/allow';
import type { Versions } from '../../../database/row';
import { Returns, Throws } from '../../../http/contract/contract';
import { PageQuery } from '../../../http/contract/page';
import { IdParam } from '../../../http/contract/params';
import { IfMatch } from '../../../http/contract/precondition';
import * as api from './plans.api';
import { PlanCodeTaken } from './plans.errors';
import { PlansService } from './plans.service';

@ApiTags('Plans')
@Controller('plans')
export class PlansController {
  constructor(private readonly plans: PlansService) {}

  @Get()
  @ApiOperation({
    summary: 'List what can be bought',
    description:
      'Every plan that is sold at this moment, with price, limits and through which providers. Anyone may look, ' +
      'signed in or not.',
  })
  @Public()
  @Returns(200, api.PlanPage)
  listPlans(@Query() query: PageQuery) {
    return this.plans.list(query);
  }

  @Get(':planId')
  @ApiOperation({
    summary: 'Read a plan',
    description:
      'As it is sold now, with an ETag for a change of it. What somebody bought before may differ: that is in ' +
      'their subscription.',
  })
  @Public()
  @Returns(200, api.Plan)
  getPlan(@IdParam('planId') id: string) {
    return this.plans.get(id);
  }

  @Post()
  @ApiOperation({
    summary: 'Offer a plan',
    description:
      'For platform staff. It can be bought at once; `providerRefs` names its counterpart at the providers that ' +
      'want one. Limits are whole numbers, and no other plan has its code.',
  })
  @Staff('plans:write')
  @Returns(201, api.Plan)
  @Throws(PlanCodeTaken)
  createPlan(@Body() plan: api.NewPlan) {
    return this.plans.create(plan);
  }

  @Put(':planId')
  @ApiOperation({
    summary: 'Change a plan, for those who buy from now on',
    description:
      'For platform staff; only the fields that are sent change. Subscriptions that run keep price and limits as ' +
      'they were bought.',
  })
  @Staff('plans:write')
  @Returns(200, api.Plan)
  updatePlan(@IdParam('planId') id: string, @Body() changes: api.PlanChanges, @IfMatch() version?: Versions) {
    return this.plans.update(id, changes, version);
  }

  @Delete(':planId')
  @ApiOperation({
    summary: 'Sell a plan no more; who has it keeps it',
    description:
      'For platform staff. It leaves the list and can no longer be bought; payments and subscriptions that name ' +
      'it stay. It cannot be undone.',
  })
  @Staff('plans:write')
  @Returns(204)
  async deletePlan(@IdParam('planId') id: string) {
    await this.plans.delete(id);
  }
}
