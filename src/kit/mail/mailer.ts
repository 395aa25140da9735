/** One message to one person. `id` is stable over retries and becomes the Message-ID. */
export type Mail = { id: string; to: string; subject: string; text: string; html: string };

/** The way out for mail: SMTP, or the development mailbox. */
export abstract class Mailer {
  /** @throws Error when the mail was not taken; one with `permanent: true` when trying again is useless. */
  abstract send(mail: Mail): Promise<void>;
}
