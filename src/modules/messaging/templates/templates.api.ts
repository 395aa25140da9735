import { applyDecorators } from '@nestjs/common';
import { OmitType, PickType } from '@nestjs/swagger';
import { IsNotIn } from 'class-validator';
import { changesOf } from '../../../http/fields/changes';
import {
  BooleanField,
  EnumField,
  IdField,
  JsonField,
  ListField,
  LocaleField,
  NameField,
  StringsField,
  TextField,
  TimeField,
} from '../../../http/fields/fields';
import { PageQuery, pageOf } from '../../../http/contract/page';
import { ABOUT, type About, type SystemTemplate as OurTemplate } from '../../../mail/templates/system-template';
import { MAX_SOURCE, type Variable } from '../../../mail/templates/template';
import type { EmailTemplate as TemplateRow } from './email-template.entity';

export const KEY = {
  min: 1,
  max: 60,
  pattern: /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  rule: 'must be lower-case letters, digits and single hyphens',
};
const BY_BIRTH = ['constructor', 'prototype']; // every object has them
const VariableNameField = () =>
  applyDecorators(
    IsNotIn(BY_BIRTH, { message: `must not be ${BY_BIRTH.join(' or ')}` }),
    TextField({
      min: 1,
      max: 60,
      pattern: /^[A-Za-z][A-Za-z0-9_]*$/,
      rule: 'must be letters, digits and underscores, a letter first',
      example: 'firstName',
    }),
  );

/** Something that a template may name. */
export class TemplateVariable {
  @VariableNameField()
  name: string;

  @EnumField(['string', 'boolean'], { description: 'string: shown, as {{name}}; boolean: for {{#sections}}.' })
  type: Variable['type'];
}

export class EmailTemplate {
  @IdField()
  id: string;

  @TextField({
    ...KEY,
    example: 'order-shipped',
    description:
      "A key of one of the system's mails about an organization replaces its words; any other is a mail of your own. " +
      'Mails about an account cannot be replaced.',
  })
  key: string;

  @LocaleField()
  locale: string;

  @NameField({ max: 255, example: 'Your order is on its way, {{firstName}}' })
  subject: string;

  @TextField({ min: 1, max: MAX_SOURCE, example: 'Dear {{firstName}},\n\nwe have sent your order.\n' })
  text: string;

  @TextField({
    min: 1,
    max: MAX_SOURCE,
    nullable: true,
    example: '<p>Dear {{firstName}},</p><p>we have sent your order.</p>',
    description: 'What stands in the body of the page, made safe when it is written; null: made of the text.',
  })
  html: string | null;

  @ListField(() => TemplateVariable, {
    max: 50,
    description: "Everything that it may name. A system's key brings its own.",
  })
  variables: TemplateVariable[];

  @BooleanField({ description: "Whether the key is one of the system's.", example: false })
  system: boolean;

  @TimeField()
  createdAt: Date;

  @TimeField()
  updatedAt: Date;
}

/** A template in a list, without its words. */
export class EmailTemplateSummary extends OmitType(EmailTemplate, ['text', 'html']) {}
export const EmailTemplatePage = pageOf(EmailTemplateSummary);

export class NewEmailTemplate extends PickType(EmailTemplate, ['key', 'subject', 'text']) {
  @LocaleField({ optional: true, description: '`en` unless said.' })
  locale?: string;

  @TextField({ min: 1, max: MAX_SOURCE, optional: true, nullable: true, example: '<p>Dear {{firstName}},</p>' })
  html?: string | null;

  @ListField(() => TemplateVariable, {
    max: 50,
    optional: true,
    description: "Only with a key that is not the system's.",
  })
  variables?: TemplateVariable[];
}

export class EmailTemplateChanges extends changesOf(
  PickType(EmailTemplate, ['subject', 'text', 'html', 'variables']),
) {}

export class TemplateQuery extends PageQuery {
  @TextField({ ...KEY, optional: true, example: 'invite' })
  key?: string;

  @LocaleField({ optional: true })
  locale?: string;
}

export class TemplateValues {
  @JsonField({ example: { firstName: 'Ada' }, description: 'A text or a truth for each of its variables.' })
  variables: object;
}

export class WrittenEmail {
  @TextField({ max: 500, example: 'Your order is on its way, Ada' })
  subject: string;

  @TextField({ max: 262_144, example: 'Dear Ada,\n\nwe have sent your order.\n' })
  text: string;

  @TextField({ max: 2_000_000, example: '<!doctype html><html lang="en">…' })
  html: string;
}

/** A mail that the system sends by itself, in its own words. */
export class SystemTemplate extends PickType(EmailTemplate, ['key', 'locale', 'subject', 'text', 'html', 'variables']) {
  @EnumField(ABOUT, {
    example: 'organization',
    description: 'organization: words of your own may replace it. account: it is in the words of the platform only.',
  })
  about: About;

  @StringsField({ example: ['url'], description: 'What words of your own must show in their text and HTML, too.' })
  required: string[];

  @StringsField({
    example: ['url'],
    description: 'Which of its variables are links: each may be the whole href of a link, or stand alone as text.',
  })
  links: string[];

  @JsonField({ example: { name: 'Ada', url: 'https://app.example.com/…' }, description: 'Values to preview it with.' })
  examples: object;
}

export class SystemTemplateCatalogue {
  @ListField(() => SystemTemplate, { max: 500 })
  data: SystemTemplate[];
}

export const showTemplate = (row: TemplateRow): EmailTemplate & { version: number } => ({
  id: row.id,
  key: row.key,
  locale: row.locale,
  subject: row.subject,
  text: row.text,
  html: row.html,
  variables: row.variables,
  system: row.isSystem,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  version: row.version,
});

export const showSystemTemplate = (template: OurTemplate): SystemTemplate => {
  const { locale, wording } = template.wordingIn(['en']);
  const { key, about, variables, required, links, examples } = template;
  return { key, about, locale, ...wording, variables, required: [...required], links: [...links], examples };
};
