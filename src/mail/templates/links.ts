import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../config/config';

export type LinkPurpose = 'verify-email' | 'reset-password' | 'magic-link' | 'invite' | 'waitlist' | 'unsubscribe';

/** The address of a mailed link. Who has it can follow it: as an object, it is no text among others, whose place nobody looks at. */
export class Link {
  constructor(readonly href: string) {}
}

/** Builds mailed links, from the configuration alone: a Host or X-Forwarded-Host header never reaches a mail. */
@Injectable()
export class Links {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** An address of this API, for machines. */
  toApi(path: string): string {
    return `${this.config.APP_URL}${path}`;
  }

  /** The token rides in the fragment, which browsers keep to themselves: it reaches no server log and no Referer. */
  to(purpose: LinkPurpose, token: string): Link {
    const template = this.config.LINK_URL_TEMPLATE ?? `${this.config.APP_URL}/links/{purpose}#token={token}`;
    return new Link(template.replaceAll('{purpose}', purpose).replaceAll('{token}', token));
  }
}
