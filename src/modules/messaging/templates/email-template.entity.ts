import { Entity, Index } from 'typeorm';
import { JsonColumn, LongTextColumn, StringColumn } from '../../../database/columns';
import { TenantRow } from '../../../database/row';
import { systemTemplateOf } from '../../../mail/templates/system-template';
import type { Variable } from '../../../mail/templates/template';

/** What an organization says in its mails, in one language: in mails of its own, or in place of the system's words. */
@Entity('email_templates')
@Index(['organizationId', 'key', 'locale'], { unique: true })
@Index(['organizationId', 'id'])
export class EmailTemplate extends TenantRow {
  @StringColumn(60)
  key: string;

  @StringColumn(35)
  locale: string;

  @StringColumn(255)
  subject: string;

  @LongTextColumn()
  text: string;

  @LongTextColumn({ nullable: true })
  html: string | null;

  /** Of a key of its own; those of a system's key are the system's. */
  @JsonColumn()
  declared: any;

  get isSystem(): boolean {
    return systemTemplateOf(this.key) !== undefined;
  }

  get variables(): Variable[] {
    return systemTemplateOf(this.key)?.variables ?? this.declared;
  }
}
