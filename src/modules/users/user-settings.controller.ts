import { Body, Controller, Delete, Get, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Self } from '../../access/allow';
import type { Versions } from '../../database/row';
import { Returns, Throws } from '../../http/contract/contract';
import { IdParam, TextParam } from '../../http/contract/params';
import { IfMatch } from '../../http/contract/precondition';
import { UserDataService } from './user-data.service';
import type { UserDocument } from './user-data.entity';
import { UserSettingsService } from './user-settings.service';
import * as api from './users.api';
import { TooManyDocuments } from './users.errors';

const KeyParam = () => TextParam('key', /^[\w.:-]{1,120}$/);
const show = ({ key, document, updatedAt, version }: UserDocument) => ({
  key,
  value: document.value,
  updatedAt,
  version,
});

/** A person's settings and documents. */
@ApiTags('Users')
@Controller('users/:userId')
export class OwnController {
  constructor(
    private readonly settings: UserSettingsService,
    private readonly documents: UserDataService,
  ) {}

  @Get('settings')
  @ApiOperation({
    summary: 'Read settings',
    description:
      'Language, time zone, login alerts and notifications; until the person chose, the defaults, as version 0. ' +
      "Yours, or anyone's for platform staff.",
  })
  @Self('users:read')
  @Returns(200, api.UserSettings)
  getUserSettings(@IdParam('userId') id: string) {
    return this.settings.get(id);
  }

  @Put('settings')
  @ApiOperation({
    summary: 'Change settings',
    description:
      'Only the fields that are sent change. Whoever changes when sign-ins are mailed about is told so by mail: ' +
      'someone else with the session could want silence.',
  })
  @Self('users:write')
  @Returns(200, api.UserSettings)
  updateUserSettings(
    @IdParam('userId') id: string,
    @Body() changes: api.UserSettingsChanges,
    @IfMatch() version?: Versions,
  ) {
    return this.settings.update(id, changes, version);
  }

  @Get('data')
  @ApiOperation({
    summary: 'List my documents',
    description:
      'All documents that you keep here, with their values, a hundred at most. They are yours alone: platform ' +
      'staff reach them by the export only.',
  })
  @Self()
  @Returns(200, api.UserDocuments)
  async listUserData(@IdParam('userId') id: string) {
    return { data: (await this.documents.list(id)).map(show) };
  }

  @Get('data/:key')
  @ApiOperation({
    summary: 'Read one of my documents',
    description:
      'The JSON as you wrote it, with an ETag. Nobody else can read it: not your organizations, and staff by the ' +
      'export only.',
  })
  @Self()
  @Returns(200, api.UserDocument)
  async getUserData(@IdParam('userId') id: string, @KeyParam() key: string) {
    return show(await this.documents.get(id, key));
  }

  @Put('data/:key')
  @ApiOperation({
    summary: 'Make or replace one of my documents',
    description:
      'Writes the whole value under this key, whether or not there was one; with `If-Match` only over the version ' +
      'that you read. A hundred documents of 64 KiB are kept for each person.',
  })
  @Self()
  @Returns(200, api.UserDocument)
  @Throws(TooManyDocuments)
  async putUserData(
    @IdParam('userId') id: string,
    @KeyParam() key: string,
    @Body() { value }: api.UserDocumentValue,
    @IfMatch() version?: Versions,
  ) {
    return show(await this.documents.put(id, key, value, version));
  }

  @Delete('data/:key')
  @ApiOperation({
    summary: 'Delete one of my documents',
    description:
      'The document is gone at once and for good; 404 if there is none under this key. Nothing else of yours ' +
      'changes.',
  })
  @Self()
  @Returns(204)
  async deleteUserData(@IdParam('userId') id: string, @KeyParam() key: string) {
    await this.documents.delete(id, key);
  }
}
