import { Injectable } from '@nestjs/common';
import type { Member } from '../../../access/caller';
import { Database, isDuplicate } from '../../../database/database';
import { NotFound, PreconditionFailed } from '../../../kit/problem';
import type { Versions } from '../../../database/row';
import { mapPage } from '../../../database/page';
import { compile, type RenderedEmail } from '../../../mail/templates/email';
import { valuesFor } from '../../../mail/templates/template';
import { ActivityService } from '../../activity/activity.service';
import type { EmailTemplate } from './email-template.entity';
import { type EmailTemplateChanges, type NewEmailTemplate, showTemplate, type TemplateQuery } from './templates.api';
import { TemplateExists } from './templates.errors';
import { TemplatesRepository } from './templates.repository';
import { requireSound, variablesOf } from './template-content.checks';

/** An organization's templates. A faulty one is refused when it is written, not when it is sent. */
@Injectable()
export class TemplatesService {
  constructor(
    private readonly db: Database,
    private readonly templates: TemplatesRepository,
    private readonly activity: ActivityService,
  ) {}

  async list({ organizationId }: Member, { key, locale, ...query }: TemplateQuery) {
    const where = { ...(key && { key }), ...(locale && { locale }) };
    return mapPage(await this.templates.page(organizationId, query, where), showTemplate);
  }

  async get(organizationId: string, id: string) {
    return showTemplate(await this.templates.get(organizationId, id));
  }

  /** @throws ValidationFailed, TemplateExists */
  async create({ organizationId }: Member, template: NewEmailTemplate) {
    const { key, locale = 'en', subject, text, html = null, variables } = template;
    const wording = { subject, text, html };
    await requireSound(key, wording, variablesOf(key, variables));
    return this.db.transaction(async () => {
      const values = { key, locale, ...wording, declared: variables ?? [] };
      const { id } = await this.templates.add(organizationId, values).catch(taken);
      await this.activity.record('template.created', { type: 'template', id }, { organizationId });
      return this.get(organizationId, id);
    });
  }

  /** What was judged is what is written: looking through long words takes time, which no transaction waits for. @throws ValidationFailed */
  async update(caller: Member, id: string, changes: EmailTemplateChanges, versions?: Versions): Promise<Shown> {
    const { organizationId } = caller;
    const { variables, ...words } = changes;
    const current = await this.templates.get(organizationId, id);
    if (versions && !versions.includes(current.version)) throw new PreconditionFailed();
    const declared = variables ? variablesOf(current.key, variables) : current.variables;
    const { subject, text, html } = { ...current, ...words };
    await requireSound(current.key, { subject, text, html }, declared);

    const values = { ...words, ...(variables && { declared }) };
    const isWritten = await this.db.transaction(async () => {
      const judged = { id, version: current.version };
      if ((await this.templates.change(organizationId, judged, values)) === 0) return false;
      await this.activity.record('template.updated', { type: 'template', id }, { organizationId });
      return true;
    });
    if (isWritten) return this.get(organizationId, id);
    if (versions) throw new PreconditionFailed();
    return this.update(caller, id, changes); // somebody else was faster
  }

  delete({ organizationId }: Member, id: string): Promise<void> {
    return this.db.transaction(async () => {
      if ((await this.templates.remove(organizationId, { id })) === 0) throw new NotFound();
      await this.activity.record('template.deleted', { type: 'template', id }, { organizationId });
    });
  }

  /** @throws ValidationFailed naming each value that is missing or not what was declared */
  async preview(organizationId: string, id: string, values: object): Promise<RenderedEmail> {
    return write(await this.templates.get(organizationId, id), values);
  }

  /** The organization's own template for a key, in the first of these languages that there is one in. */
  best(organizationId: string, key: string, locales: readonly string[]): Promise<EmailTemplate | null> {
    return this.templates.best(organizationId, key, locales);
  }
}

type Shown = ReturnType<typeof showTemplate>;

/** A mail from a template and its values. @throws ValidationFailed at #/variables */
export const write = (
  { subject, text, html, variables, locale }: EmailTemplate,
  values: object,
): Promise<RenderedEmail> =>
  compile({ subject, text, html }, variables, locale)(valuesFor(variables, values, '#/variables'));

const taken = (error: unknown): never => {
  throw isDuplicate(error) ? new TemplateExists() : error;
};
