import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { StaffRole } from '../../src/access/permissions';
import { clock } from '../../src/kit/clock';
import type { LinkPurpose } from '../../src/mail/templates/links';
import type { KeptMail } from '../../src/mail/mailbox';
import type { Settings } from './engines';
import { drain, mailsTo, tokenIn } from './mails';
import { type Running, start } from './start';
import { PASSWORD, Visitor } from './visitor';

type Person = { email?: string; name?: string; organizationName?: string; verified?: boolean };

const realTime = clock.now;
const run = randomBytes(4).toString('hex'); // addresses stay unique among all files that share a database
const standing = new Set<House>();
const apps = (): NestFastifyApplication[] => [...standing].map(({ app }) => app);

/** The real app on a real database, and the people in it. Nothing is truncated: each test founds its own organization. */
export class House {
  readonly app = this.running.app;
  readonly source = this.running.source;
  readonly log = this.running.log;
  private readonly leaving: (() => Promise<void>)[] = [];

  private constructor(
    private readonly running: Running,
    /** Else it sends it to a server. */
    private readonly keepsMail: boolean,
  ) {
    standing.add(this);
  }

  /** Several may stand at once, on one database: they are the instances of an installation. */
  static async open(settings?: Settings): Promise<House> {
    return new House(await start(settings), !settings?.SMTP_URL);
  }

  async close(): Promise<void> {
    clock.now = realTime;
    if (standing.delete(this)) {
      await this.query('UPDATE plans SET default_for = NULL').catch(() => undefined); // it would be everyone's, in the next file too
      await this.app.close();
    }
    await Promise.all(this.leaving.splice(0).map((leave) => leave()));
  }

  /** Who came with it goes with it. */
  onClose(leave: () => Promise<void>): void {
    this.leaving.push(leave);
  }

  /** The time, in all houses. */
  readonly clock = {
    advance: (milliseconds: number): void => {
      const before = clock.now;
      clock.now = () => new Date(before().getTime() + milliseconds);
    },
  };

  /** Someone who is not signed in. */
  visitor(): Visitor {
    return new Visitor(this.app);
  }

  /** Someone with an account and the organization that sign-up made: a personal one unless it is given a name. */
  async user({ verified = true, ...person }: Person = {}): Promise<Visitor> {
    const visitor = this.visitor();
    const number = `${visitor.number}-${run}`;
    const form = { email: `person-${number}@example.com`, name: `Person ${number}`, password: PASSWORD, ...person };
    const answer = await visitor.post('/auth/signup', form);
    if (answer.status !== 202) visitor.become(answer.expect(201));
    if (verified && this.keepsMail) await visitor.verify(await this.tokenFor(form.email, 'verify-email'));
    else if (verified)
      await this.query('UPDATE users SET email_verified_at = created_at WHERE email = ?', [form.email]);
    return visitor;
  }

  /** Makes a person platform staff. */
  async promote({ user }: Visitor, role: StaffRole = 'admin'): Promise<void> {
    await this.query('UPDATE users SET platform_role = ? WHERE id = ?', [role, user.id]);
  }

  /** Someone who owns a fresh organization. */
  owner(person: Person = {}): Promise<Visitor> {
    return this.user({ organizationName: `Acme ${randomBytes(3).toString('hex')}`, ...person });
  }

  /** Someone new in the organization of `owner`, who invites them. */
  async member(owner: Visitor, role = 'Member'): Promise<Visitor> {
    const member = await this.user();
    (await owner.post('/organizations/:org/invites', { email: member.user.email, role })).expect(201);
    return member.join(await this.tokenFor(member.user.email, 'invite'));
  }

  /** The same person, on another device. */
  async deviceOf({ user, organizationId }: Visitor): Promise<Visitor> {
    return Object.assign(await this.visitor().signIn(user.email), { organizationId });
  }

  /** Until nothing is on its way any more: mails, and what one change leads to elsewhere. */
  settled(): Promise<void> {
    return drain(apps());
  }

  /** The newest mail to an address, once nothing is on its way any more. */
  async mailTo(address: string): Promise<KeptMail | undefined> {
    return (await this.mailsTo(address))[0];
  }

  /** Every mail to an address, newest first, once nothing is on its way any more. */
  async mailsTo(address: string): Promise<KeptMail[]> {
    await this.settled();
    return mailsTo(address, apps());
  }

  /** The token of the newest link that was mailed to an address. */
  async tokenFor(address: string, purpose?: LinkPurpose): Promise<string> {
    return tokenIn(await this.mailsTo(address), purpose);
  }

  /** A look into the tables, in plain SQL with `?` parameters. */
  query<Row = any>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.source.query(sql, parameters);
  }
}
