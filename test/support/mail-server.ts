import { domainToASCII } from 'node:url';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as it reached the server. */
export type Letter = { to: string[]; raw: string; messageId: string; body: string };

/** A real mail server on loopback, which answers as it is told to. */
export class Smtp {
  /** Every mail that was offered, taken or not. */
  readonly offered: Letter[] = [];
  readonly taken: Letter[] = [];
  /** The reply to a mail: 250 takes it. */
  reply: (letter: Letter) => number = () => 250;
  private port = 0;
  private server: SMTPServer;

  private constructor(private readonly options: SMTPServerOptions) {}

  /** @param options of the library, for a server that is stranger than this one */
  static async open(options: SMTPServerOptions = {}): Promise<Smtp> {
    const smtp = new Smtp(options);
    await smtp.start();
    return smtp;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** On the port that it had before, if it did. */
  async start(): Promise<void> {
    const disabledCommands = ['AUTH', 'STARTTLS'];
    this.server = new SMTPServer({
      disabledCommands,
      closeTimeout: 10,
      onData: (stream, session, done) => {
        const to = session.envelope.rcptTo.map(({ address }) => asSent(address));
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const mail = letter(to, Buffer.concat(chunks).toString('latin1'));
          const code = this.judge(mail);
          done(code === 250 ? null : refusal(code, mail));
        });
      },
      ...this.options,
    });
    this.server.on('error', () => undefined); // a connection that the client cut
    await new Promise<void>((listening) => void this.server.listen(this.port, '127.0.0.1', listening));
    this.port = (this.server.server.address() as { port: number }).port;
  }

  stop(): Promise<void> {
    return new Promise((closed) => void this.server.close(closed));
  }

  /** Mails to an address. */
  offeredTo = (address: string): Letter[] => this.offered.filter(({ to }) => to.includes(address));
  takenFor = (address: string): Letter[] => this.taken.filter(({ to }) => to.includes(address));

  private judge(mail: Letter): number {
    this.offered.push(mail);
    const code = this.reply(mail);
    if (code === 250) this.taken.push(mail);
    return code;
  }
}

/** The library shows an internationalized domain decoded. */
const asSent = (address: string): string =>
  /^[\x20-\x7e]*$/.test(address) ? address : address.replace(/(?<=@)[^@]*$/, (domain) => domainToASCII(domain));

/** Real servers name the mailbox that they refuse. */
const refusal = (responseCode: number, { to }: Letter) =>
  Object.assign(new Error(`<${to.join('>, <')}>: not now, or never`), { responseCode });

function letter(to: string[], raw: string): Letter {
  const body = raw
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return { to, raw, body, messageId: /^message-id: *(\S+)/im.exec(raw)?.[1] ?? 'none' };
}

/** The headers of a message, unfolded (RFC 5322 2.2.3), names in lower case. */
export function headersOf(raw: string): { name: string; value: string }[] {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  return head.split('\r\n').map((line) => {
    const colon = line.indexOf(':');
    return { name: line.slice(0, colon).toLowerCase(), value: line.slice(colon + 1).trim() };
  });
}
