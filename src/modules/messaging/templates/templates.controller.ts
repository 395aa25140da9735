import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowInHeader } from '../../../access/allow';
import { CurrentCaller, Member } from '../../../access/caller';
import type { Versions } from '../../../database/row';
import { Returns, Throws } from '../../../http/contract/contract';
import { IdParam } from '../../../http/contract/params';
import { IfMatch } from '../../../http/contract/precondition';
import { systemTemplates } from '../../../mail/templates/system-template';
import * as api from './templates.api';
import { TemplateExists } from './templates.errors';
import { TemplatesService } from './templates.service';

@ApiTags('Templates')
@Controller('messages')
export class TemplatesController {
  constructor(private readonly templates: TemplatesService) {}

  @Get('system-templates')
  @ApiOperation({
    summary: 'List the mails that the system sends, in its own words',
    description:
      'With the variables, examples and languages that words of your own can use. Mails about an organization may ' +
      'be worded anew by a template of the same key; mails about an account may not.',
  })
  @AllowInHeader('templates:read')
  @Returns(200, api.SystemTemplateCatalogue)
  listSystemTemplates() {
    return { data: systemTemplates().map(api.showSystemTemplate) };
  }

  @Get('templates')
  @ApiOperation({
    summary: 'List templates',
    description:
      'Without their words, newest first, with the variables that each declares; narrow them by `key` or ' +
      "`locale`. Both replacements of the system's mails and your own are there.",
  })
  @AllowInHeader('templates:read')
  @Returns(200, api.EmailTemplatePage)
  listTemplates(@CurrentCaller() caller: Member, @Query() query: api.TemplateQuery) {
    return this.templates.list(caller, query);
  }

  @Post('templates')
  @ApiOperation({
    summary: 'Write a template',
    description:
      'A part of Mustache: {{name}}, {{#truth}}…{{/truth}}, {{^truth}}…{{/truth}} and {{! comments }}, sections ' +
      'at most three deep. Values are escaped in the HTML. A mistake is answered with its line and column.',
  })
  @AllowInHeader('templates:write')
  @Returns(201, api.EmailTemplate)
  @Throws(TemplateExists)
  createTemplate(@CurrentCaller() caller: Member, @Body() template: api.NewEmailTemplate) {
    return this.templates.create(caller, template);
  }

  @Get('templates/:templateId')
  @ApiOperation({
    summary: 'Read a template',
    description:
      "Subject, text, HTML and variables, with an ETag for a change of it. For one of the system's keys these are " +
      'your words in place of ours.',
  })
  @AllowInHeader('templates:read')
  @Returns(200, api.EmailTemplate)
  getTemplate(@CurrentCaller() { organizationId }: Member, @IdParam('templateId') id: string) {
    return this.templates.get(organizationId, id);
  }

  @Put('templates/:templateId')
  @ApiOperation({
    summary: 'Change a template',
    description:
      'Only the fields that are sent change; the whole is judged before it is kept, and a fault is named by line ' +
      'and column. Mails that wait are written with the new words.',
  })
  @AllowInHeader('templates:write')
  @Returns(200, api.EmailTemplate)
  updateTemplate(
    @CurrentCaller() caller: Member,
    @IdParam('templateId') id: string,
    @Body() changes: api.EmailTemplateChanges,
    @IfMatch() version?: Versions,
  ) {
    return this.templates.update(caller, id, changes, version);
  }

  @Delete('templates/:templateId')
  @ApiOperation({
    summary: "Delete a template; the system's words are back",
    description:
      "A mail of the system is in the platform's words again. A mail of your own that waits and needs this " +
      'template is given up, and can be tried again once there is one.',
  })
  @AllowInHeader('templates:write')
  @Returns(204)
  async deleteTemplate(@CurrentCaller() caller: Member, @IdParam('templateId') id: string) {
    await this.templates.delete(caller, id);
  }

  @Post('templates/:templateId/preview')
  @ApiOperation({
    summary: 'See a template with values in it; nothing is sent',
    description:
      'Every variable that is a text must have a value; what is missing is named. You get subject, text and the ' +
      'page as a recipient would, made safe.',
  })
  @AllowInHeader('templates:read')
  @Returns(200, api.WrittenEmail)
  previewTemplate(
    @CurrentCaller() { organizationId }: Member,
    @IdParam('templateId') id: string,
    @Body() { variables }: api.TemplateValues,
  ) {
    return this.templates.preview(organizationId, id, variables);
  }
}
