import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowInHeader } from '../../access/allow';
import { CallerOf, Member } from '../../access/caller';
import type { Versions } from '../../kit/db/row';
import { Returns, Throws } from '../../kit/http/contract';
import { IdParam } from '../../kit/http/params';
import { IfMatch } from '../../kit/http/precondition';
import { systemTemplates } from '../../kit/mail/system-template';
import * as api from './templates.api';
import { TemplateExists } from './templates.errors';
import { TemplatesService } from './templates.service';

@ApiTags('Templates')
@Controller('messages')
export class TemplatesController {
  constructor(private readonly templates: TemplatesService) {}

  @Get('system-templates')
  @ApiOperation({ summary: 'List the mails that the system sends, in its own words' })
  @AllowInHeader('templates:read')
  @Returns(200, api.SystemTemplateCatalogue)
  listSystemTemplates() {
    return { data: systemTemplates().map(api.showSystemTemplate) };
  }

  @Get('templates')
  @ApiOperation({ summary: 'List templates' })
  @AllowInHeader('templates:read')
  @Returns(200, api.EmailTemplatePage)
  listTemplates(@CallerOf() caller: Member, @Query() query: api.TemplateQuery) {
    return this.templates.list(caller, query);
  }

  @Post('templates')
  @ApiOperation({
    summary: 'Write a template',
    description:
      'A part of Mustache: {{name}}, {{#truth}}…{{/truth}}, {{^truth}}…{{/truth}} and {{! comments }}, sections at most three deep. ' +
      'Values are escaped in the HTML. A mistake is answered with its line and column.',
  })
  @AllowInHeader('templates:write')
  @Returns(201, api.EmailTemplate)
  @Throws(TemplateExists)
  createTemplate(@CallerOf() caller: Member, @Body() template: api.NewEmailTemplate) {
    return this.templates.create(caller, template);
  }

  @Get('templates/:templateId')
  @ApiOperation({ summary: 'Read a template' })
  @AllowInHeader('templates:read')
  @Returns(200, api.EmailTemplate)
  getTemplate(@CallerOf() { organizationId }: Member, @IdParam('templateId') id: string) {
    return this.templates.get(organizationId, id);
  }

  @Put('templates/:templateId')
  @ApiOperation({ summary: 'Change a template' })
  @AllowInHeader('templates:write')
  @Returns(200, api.EmailTemplate)
  updateTemplate(
    @CallerOf() caller: Member,
    @IdParam('templateId') id: string,
    @Body() changes: api.EmailTemplateChanges,
    @IfMatch() version?: Versions,
  ) {
    return this.templates.update(caller, id, changes, version);
  }

  @Delete('templates/:templateId')
  @ApiOperation({ summary: "Delete a template; the system's words are back" })
  @AllowInHeader('templates:write')
  @Returns(204)
  async deleteTemplate(@CallerOf() caller: Member, @IdParam('templateId') id: string) {
    await this.templates.delete(caller, id);
  }

  @Post('templates/:templateId/preview')
  @ApiOperation({ summary: 'See a template with values in it; nothing is sent' })
  @AllowInHeader('templates:read')
  @Returns(200, api.WrittenEmail)
  previewTemplate(
    @CallerOf() { organizationId }: Member,
    @IdParam('templateId') id: string,
    @Body() { variables }: api.TemplateValues,
  ) {
    return this.templates.preview(organizationId, id, variables);
  }
}
