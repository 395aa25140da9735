import type { Socket } from 'node:net';
import { domainToASCII } from 'node:url';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as it reached the server. */
export type Letter = { to: string[]; raw: string; messageId: string; body: string };

/** A real mail server on loopback, which answers as it is told to. */
export class Smtp {
  /** Every mail that was offered, taken or not. */
  readonly offered: Letter[] = [];
  readonly taken: Letter[] = [];
  /**
   * The reply to a mail, a code or all of it: 250 takes it. Or it says nothing (`hangs`), cuts the connection without taking it
   * (`cuts`), or takes it and hangs up (`drops`).
   */
  reply: (letter: Letter) => number | string = () => 250;
  private port = 0;
  private readonly sockets = new Set<Socket>();
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
          const reply = this.judge(mail);
          if (reply === 'hangs') return;
          if (reply === 'cuts') return this.cut(session.remotePort);
          done(takes(reply) ? null : refusal(reply, mail));
          if (reply === 'drops') setImmediate(() => this.cut(session.remotePort));
        });
      },
      ...this.options,
    });
    this.server.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket.on('close', () => this.sockets.delete(socket)));
    });
    this.server.on('error', () => undefined); // a connection that the client cut
    await new Promise<void>((listening) => void this.server.listen(this.port, '127.0.0.1', listening));
    this.port = (this.server.server.address() as { port: number }).port;
  }

  stop(): Promise<void> {
    return new Promise((closed) => void this.server.close(closed));
  }

  /** Ends a connection, or all, in the midst of whatever is said. */
  cut(port?: number): void {
    for (const socket of this.sockets) if (port === undefined || socket.remotePort === port) socket.destroySoon();
  }

  /** Mails to an address. */
  offeredTo = (address: string): Letter[] => this.offered.filter(({ to }) => to.includes(address));
  takenFor = (address: string): Letter[] => this.taken.filter(({ to }) => to.includes(address));

  private judge(mail: Letter): number | string {
    this.offered.push(mail);
    const reply = this.reply(mail);
    if (takes(reply)) this.taken.push(mail);
    return reply;
  }
}

/** The library shows an internationalized domain decoded. */
const asSent = (address: string): string =>
  /^[\x20-\x7e]*$/.test(address) ? address : address.replace(/(?<=@)[^@]*$/, (domain) => domainToASCII(domain));

const takes = (reply: number | string) => reply === 250 || reply === 'drops';

/** Real servers name the mailbox that they refuse. */
const refusal = (reply: number | string, { to }: Letter) => {
  const [code = '', ...words] = String(reply).split(' ');
  const message = words.join(' ') || `<${to.join('>, <')}>: not now, or never`;
  return Object.assign(new Error(message), { responseCode: Number(code) });
};

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
