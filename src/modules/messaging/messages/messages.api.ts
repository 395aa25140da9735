import { PickType } from '@nestjs/swagger';
import {
  BooleanField,
  EmailField,
  EnumField,
  IdField,
  IntegerField,
  JsonField,
  LocaleField,
  NameField,
  RecipientField,
  TextField,
  TimeField,
} from '../../../http/fields/fields';
import { PageQuery, pageOf } from '../../../http/contract/page';
import { MAX_SOURCE } from '../../../mail/templates/template';
import { KEY } from '../templates/templates.api';
import { type EmailMessage, MESSAGE_STATUSES, type MessageStatus } from './email-message.entity';

/** A mail in the delivery log. */
export class Message {
  @IdField()
  id: string;

  @EmailField()
  to: string;

  @TextField({ ...KEY, nullable: true, example: 'order-shipped', description: 'null: the mail had words of its own.' })
  template: string | null;

  @BooleanField({ description: 'false: who unsubscribed does not get it.' })
  transactional: boolean;

  @EnumField(MESSAGE_STATUSES, {
    description:
      'queued: on its way, perhaps tried again. failed: given up, can be retried. suppressed: not sent, see suppressions.',
  })
  status: MessageStatus;

  @IntegerField({ min: 0, max: 1_000_000, description: 'How often it was tried so far.' })
  attempts: number;

  @TextField({ max: 500, nullable: true, example: null, description: 'Why the last try failed.' })
  lastError: string | null;

  @TimeField({ nullable: true })
  sentAt: Date | null;

  @TimeField()
  createdAt: Date;
}

export const MessagePage = pageOf(Message);
export class QueuedMessage extends PickType(Message, ['id', 'status']) {}

/** A mail by a template, `{to, template, variables}`, or in words of one's own, `{to, subject, text, html}`. */
export class NewEmail {
  @RecipientField({ description: 'A member, by user id, or any address.' })
  to: string;

  @TextField({
    ...KEY,
    optional: true,
    nullable: true,
    example: null,
    description: 'The key of a template of your own.',
  })
  template?: string | null;

  @JsonField({ optional: true, example: {}, description: 'A text or a truth for each variable of the template.' })
  variables?: object;

  @LocaleField({
    optional: true,
    description: "The language of the mail; the recipient's own, or English, unless said.",
  })
  locale?: string;

  @NameField({ optional: true, max: 255, example: 'Your order is on its way' })
  subject?: string;

  @TextField({ optional: true, min: 1, max: MAX_SOURCE, example: 'Dear Ada,\n\nwe have sent your order.\n' })
  text?: string;

  @TextField({
    optional: true,
    min: 1,
    max: MAX_SOURCE,
    example: '<p>Dear Ada,</p><p>we have sent your order.</p>',
    description: 'What stands in the body of the page; made safe. Made of the text when left out.',
  })
  html?: string;

  @BooleanField({
    optional: true,
    description: 'true unless said. false for news and offers: they carry a way to unsubscribe by one click.',
  })
  transactional?: boolean;
}

export class MessageQuery extends PageQuery {
  @EnumField(MESSAGE_STATUSES, { optional: true })
  status?: MessageStatus;

  @EmailField({ optional: true })
  to?: string;
}

export const showMessage = (row: EmailMessage): Message & { version: number } => ({
  id: row.id,
  to: row.email,
  template: row.template,
  transactional: row.transactional,
  status: row.status,
  attempts: row.attempts,
  lastError: row.lastError,
  sentAt: row.sentAt,
  createdAt: row.createdAt,
  version: row.version,
});
