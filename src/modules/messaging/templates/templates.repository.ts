import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { Database } from '../../../database/database';
import { TenantRepository } from '../../../database/tenant.repository';
import { EmailTemplate } from './email-template.entity';

@Injectable()
export class TemplatesRepository extends TenantRepository<EmailTemplate> {
  constructor(db: Database) {
    super(db, EmailTemplate);
  }

  /** The template for a key in the first of these languages that there is one in. */
  async best(organizationId: string, key: string, locales: readonly string[]): Promise<EmailTemplate | null> {
    const found = await this.list(organizationId, { key, locale: In(locales) });
    return locales.map((locale) => found.find((one) => one.locale === locale)).find(Boolean) ?? null;
  }
}
