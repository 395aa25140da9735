import { Injectable } from '@nestjs/common';
import { clock } from '../kit/clock';
import { normalizeAddress } from '../kit/text/email-address';
import { type Mail, Mailer } from './mailer';

export type KeptMail = Mail & { links: string[]; createdAt: Date };

const KEPT = 500;

/** The development mailbox: keeps mail in memory instead of sending it. */
@Injectable()
export class Mailbox extends Mailer {
  private readonly mails: KeptMail[] = [];

  async send(mail: Mail): Promise<void> {
    const links = mail.text.match(/https?:\/\/\S+/g) ?? [];
    this.mails.unshift({ ...mail, links, createdAt: clock.now() });
    this.mails.length = Math.min(this.mails.length, KEPT);
  }

  /** Newest first: in the order in which they were written, for two may overtake each other on their way. */
  list(to?: string): KeptMail[] {
    return this.mails.filter((mail) => to === undefined || mail.to === normalizeAddress(to)).sort(newestFirst);
  }
}

/** Ids are UUIDv7. */
export const newestFirst = (a: KeptMail, b: KeptMail): number => b.id.localeCompare(a.id);
