import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Self, Staff } from '../../access/allow';
import { Caller, CurrentCaller } from '../../access/caller';
import type { Versions } from '../../database/row';
import { Forbidden } from '../../kit/problem';
import { Returns, Throws } from '../../http/contract/contract';
import { Idempotent } from '../../http/idempotency/idempotency';
import { mapPage } from '../../database/page';
import { IdParam } from '../../http/contract/params';
import { IfMatch } from '../../http/contract/precondition';
import * as api from './users.api';
import { EmailTaken, LastOwner } from './users.errors';
import { UsersService } from './users.service';

@ApiTags('Users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get()
  @ApiOperation({
    summary: 'List all users',
    description:
      'Everyone who has an account here, newest first, for platform staff. `q` finds those whose address or name ' +
      'begins with it, in any case.',
  })
  @Staff('users:read')
  @Returns(200, api.UserPage)
  async listUsers(@Query() query: api.UserQuery) {
    return mapPage(await this.users.list(query), api.showUser);
  }

  @Post()
  @ApiOperation({
    summary: 'Make an account for someone, who is mailed a link to set a password',
    description:
      'For platform staff. The account has no password and no proved mailbox until its person follows the mailed ' +
      'link; nothing else is made, no organization either.',
  })
  @Staff('users:write')
  @Idempotent()
  @Returns(201, api.User)
  @Throws(EmailTaken)
  async createUser(@Body() user: api.NewUser) {
    return api.showUser(await this.users.create(user));
  }

  @Get(':userId')
  @ApiOperation({
    summary: 'Read a person; `me` is oneself',
    description:
      'You read yourself, platform staff read anyone. To everyone else a person is not there: members of an ' +
      'organization are read through it.',
  })
  @Self('users:read')
  @Returns(200, api.User)
  async getUser(@IdParam('userId') id: string) {
    return api.showUser(await this.users.get(id));
  }

  @Get(':userId/export')
  @ApiOperation({
    summary: 'Export everything that is held about a person',
    description:
      'Yourself you may export at any time. It is the one door by which platform staff see what is private, and ' +
      'the person finds a line in their activity.',
  })
  @Self('users:export')
  @Returns(200, api.UserExport)
  exportUser(@IdParam('userId') id: string) {
    return this.users.export(id);
  }

  @Put(':userId')
  @ApiOperation({
    summary: 'Change a name or a profile; staff: the status',
    description:
      'Only the fields that are sent change, `profile` as a whole. Staff may set `status`: a suspended person is ' +
      'signed out everywhere, mailed links die, and neither comes back when they are active again.',
  })
  @ApiBody({ type: api.UserChanges, examples: { oneself: { value: api.OWN_CHANGES } } })
  @Self('users:write')
  @Returns(200, api.User)
  @Throws(Forbidden)
  async updateUser(
    @CurrentCaller() caller: Caller,
    @IdParam('userId') id: string,
    @Body() changes: api.UserChanges,
    @IfMatch() version?: Versions,
  ) {
    return api.showUser(await this.users.update(caller, id, changes, version));
  }

  @Delete(':userId')
  @ApiOperation({
    summary: "Delete a person and all their data; refused while they are the only Owner of others' organization",
    description:
      'Ends every session and takes along the organizations that nobody else belongs to; their activity stays, ' +
      'without where they came from. It cannot be undone. The address is told by mail if it was proved, and the ' +
      'person may sign up anew.',
  })
  @Self('users:write')
  @Returns(204)
  @Throws(LastOwner)
  async deleteUser(@IdParam('userId') id: string) {
    await this.users.delete(id);
  }
}
