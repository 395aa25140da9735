import { Injectable } from '@nestjs/common';
import { type Envelope, TemplateContents } from '../../../mail/system-mailer';
import { UserSettingsService } from '../../users/user-settings.service';
import { UsersService } from '../../users/users.service';
import { TemplatesRepository } from './templates.repository';

/** Answers the mailer in the kit: in which language someone reads, and in whose words. */
@Injectable()
export class TemplateContentsService extends TemplateContents {
  constructor(
    private readonly templates: TemplatesRepository,
    private readonly users: UsersService,
    private readonly settings: UserSettingsService,
  ) {
    super();
  }

  async find(key: string, { to, organizationId }: Envelope) {
    const locales = await this.localesOf(to);
    const own = organizationId === undefined ? null : await this.templates.best(organizationId, key, locales);
    return { locales, own: own && { locale: own.locale, wording: own } };
  }

  /** The languages of whoever has this address, best first: of `pt-BR` also `pt`, and English in the end. */
  async localesOf(address: string): Promise<string[]> {
    const user = await this.users.findByEmail(address);
    return user ? withFallbacks((await this.settings.get(user.id)).locale) : ['en'];
  }
}

/** A language tag, then it without its last part, and so on. */
export const withFallbacks = (locale: string): string[] => {
  const parts = locale.split('-');
  return [...new Set([...parts.map((_, i) => parts.slice(0, parts.length - i).join('-')), 'en'])];
};
