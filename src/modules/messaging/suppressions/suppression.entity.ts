import { Entity, Index } from 'typeorm';
import { EmailColumn, StringColumn } from '../../../database/columns';
import { TenantRow } from '../../../database/row';

/** unsubscribed: wants no mail but what they cause themselves. bounced: the mail server knows no such mailbox. */
export const SUPPRESSION_REASONS = ['unsubscribed', 'bounced'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** An address that an organization does not write to. */
@Entity('email_suppressions')
@Index(['organizationId', 'email', 'reason'], { unique: true })
@Index(['organizationId', 'id'])
@Index(['email'])
export class Suppression extends TenantRow {
  @EmailColumn()
  email: string;

  @StringColumn(20)
  reason: SuppressionReason;
}
