import { Entity, Index } from 'typeorm';
import {
  BooleanColumn,
  EmailColumn,
  IntegerColumn,
  LongTextColumn,
  MomentColumn,
  StringColumn,
} from '../../../database/columns';
import { TenantRow } from '../../../database/row';
import type { TemplateContent } from '../../../mail/templates/email';

export const MESSAGE_STATUSES = ['queued', 'sent', 'failed', 'suppressed'] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** What a mail says: a template with its values, or words of its own. */
export type Content =
  { template: string; locale: string; variables: object } | { wording: TemplateContent; locale: string };

/**
 * What became of a mail of an organization. It has the id of the outbox message that delivers it. What it says is there, sealed, only
 * until it is sent; of a mail of the system, which may hold a live link, it is not there at all.
 */
@Entity('email_messages')
@Index(['organizationId', 'id'])
@Index(['organizationId', 'email'])
@Index(['email'])
export class EmailMessage extends TenantRow {
  @EmailColumn()
  email: string;

  /** The key of the template; null for words of one's own. */
  @StringColumn(60, { nullable: true })
  template: string | null;

  /** Not, where the recipient did nothing to cause it and may unsubscribe. */
  @BooleanColumn()
  transactional: boolean;

  /** Sealed: the template and its values, or words of one's own. */
  @LongTextColumn({ nullable: true })
  content: string | null;

  @IntegerColumn({ default: 0 })
  attempts: number;

  @StringColumn(500, { nullable: true })
  lastError: string | null;

  @MomentColumn({ nullable: true })
  sentAt: Date | null;

  @MomentColumn({ nullable: true })
  failedAt: Date | null;

  @MomentColumn({ nullable: true })
  suppressedAt: Date | null;

  get status(): MessageStatus {
    if (this.sentAt) return 'sent';
    if (this.suppressedAt) return 'suppressed';
    return this.failedAt ? 'failed' : 'queued';
  }
}
