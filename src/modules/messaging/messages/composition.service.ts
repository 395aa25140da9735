import { Injectable } from '@nestjs/common';
import { type Fault, NotFound, ValidationFailed } from '../../../kit/problem';
import { isAddress } from '../../../kit/text/email-address';
import { written, type RenderedEmail } from '../../../mail/templates/email';
import { Undeliverable } from '../../../mail/mailer';
import { MembersService } from '../../organizations/members.service';
import { TemplatesService, write } from '../templates/templates.service';
import { withFallbacks, TemplateContentsService } from '../templates/template-contents.service';
import type { Content } from './email-message.entity';
import type { NewEmail } from './messages.api';
import { RecipientUnknown, TemplateUnknown } from './messages.errors';

/** From what was asked for to a mail. */
@Injectable()
export class CompositionService {
  constructor(
    private readonly members: MembersService,
    private readonly templates: TemplatesService,
    private readonly wordings: TemplateContentsService,
  ) {}

  /** The address that is meant. @throws RecipientUnknown */
  async addressOf(organizationId: string, to: string): Promise<string> {
    if (isAddress(to)) return to;
    return this.members.person(organizationId, to).then(
      ({ email }) => email,
      (error: unknown) => {
        const errors = [{ pointer: '#/to', detail: 'there is no member with this id' }];
        throw error instanceof NotFound ? new RecipientUnknown({ errors }) : error;
      },
    );
  }

  /** Reads what a mail is to say, and writes it once to see that it can be. @throws ValidationFailed, TemplateUnknown */
  async read(organizationId: string, to: string, email: NewEmail): Promise<Content> {
    const faults = faultsIn(email);
    if (faults.length > 0) throw new ValidationFailed({ errors: faults });
    const { template: key, variables = {}, subject = '', text = '', html = null } = email;
    const locales = email.locale ? withFallbacks(email.locale) : await this.wordings.localesOf(to);
    if (typeof key !== 'string') return { wording: { subject, text, html }, locale: locales[0]! };

    const template = await this.templates.best(organizationId, key, locales);
    if (!template || template.isSystem) {
      const detail = template
        ? 'is a mail that the system sends'
        : `there is no such template in ${locales.join(', ')}`;
      throw new TemplateUnknown({ errors: [{ pointer: '#/template', detail }] });
    }
    await write(template, variables);
    return { template: key, locale: template.locale, variables };
  }

  /** @throws Undeliverable when the template is gone, or has changed so that the values no longer fit */
  async write(organizationId: string, content: Content): Promise<RenderedEmail> {
    if ('wording' in content) return written(content.wording, content.locale);
    const template = await this.templates.best(organizationId, content.template, [content.locale]);
    if (!template) throw new Undeliverable('Its template was deleted.');
    try {
      return await write(template, content.variables);
    } catch (error) {
      throw error instanceof ValidationFailed
        ? new Undeliverable('Its values do not fit the template any more.')
        : error;
    }
  }
}

/** What does not go together. */
function faultsIn({ template, variables = {}, subject, text, html }: NewEmail): Fault[] {
  const fault = (name: string, detail: string) => ({ pointer: `#/${name}`, detail });
  const sent = (parts: object) => Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (typeof template === 'string')
    return sent({ subject, text, html }).map((name) => fault(name, 'is for mails without a template'));

  const missing = ['subject', 'text'].filter((name) => !sent({ subject, text }).includes(name));
  return [
    ...missing.map((name) => fault(name, 'must be sent, unless there is a template')),
    ...(Object.keys(variables).length > 0 ? [fault('variables', 'is for mails with a template')] : []),
  ];
}
