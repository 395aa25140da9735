/** One message to one person. `id` is stable over retries and becomes the Message-ID. */
export type Mail = {
  id: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  headers?: Record<string, string>;
};

/** The way out for mail: SMTP, or the development mailbox. */
export abstract class Mailer {
  /** @throws Error when the mail was not taken; with `permanent: true` when trying again is useless, with `bounced: true` when there is no such mailbox */
  abstract send(mail: Mail): Promise<void>;
}

/** A mail that cannot be sent, whoever tries. */
export class Undeliverable extends Error {
  readonly permanent = true;
}
