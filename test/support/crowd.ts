import { EventEmitter, once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { freshAddress } from './fresh';
import type { House } from './house';
import { type Letter, type Smtp } from './mail-server';
import { PASSWORD } from './visitor';

type Reply = { status: number; body: any };
type Founder = { url: string; email: string; userId: string; organizationId: string; accessToken: string };
type Invited = { email: string; inviteId: string; organizationId: string };

const INVITES_EACH = 3;

/** People at work over real HTTP, who remember what they were told was done, and go on after whatever happens to the app. */
export class Crowd {
  readonly founders: Founder[] = [];
  readonly invited: Invited[] = [];
  readonly joined: Omit<Invited, 'inviteId'>[] = [];
  /** How many answers there were of each kind. */
  readonly answers: Record<string, number> = {};
  /** Requests whose connection was cut. */
  lost = 0;

  private readonly urls: string[];
  private readonly events = new EventEmitter();
  private readonly links: Letter[] = [];
  /** What proves a founder's mailbox. */
  private readonly proofs = new Map<string, string>();
  private readonly work: Promise<void>[] = [];
  private isOpen = false;
  private stopped = false;
  /** How often the app was opened. */
  private lives = 0;

  constructor(
    url: string,
    smtp: Smtp,
    /** Further instances of the installation: each of them keeps to one. */
    elsewhere: string[] = [],
  ) {
    this.urls = [url, ...elsewhere];
    smtp.reply = (mail) => {
      const [, purpose, token] = /\/(invite|verify-email)#token=([\w-]+)/.exec(mail.body) ?? [];
      if (purpose === 'invite') this.links.push(mail);
      else if (token) this.proofs.set(mail.to[0]!, token);
      this.events.emit('link');
      return 250;
    };
  }

  start(founders = 3, guests = 2): void {
    const at = (i: number) => this.urls[i % this.urls.length]!;
    for (let i = 0; i < founders; i++) this.work.push(this.found(at(i)));
    for (let i = 0; i < guests; i++) this.work.push(this.join(at(i)));
  }

  /** Nobody knocks while the app is known to be away. */
  open(): void {
    this.isOpen = true;
    this.lives++;
    this.events.emit('open');
    this.events.emit('link');
  }

  close(): void {
    this.isOpen = false;
  }

  /** Until so many more answers of a kind have come: `2xx` acknowledges anything, `joined` an accepted invite. */
  async until(count: number, kind: string): Promise<void> {
    const wanted = (this.answers[kind] ?? 0) + count;
    while ((this.answers[kind] ?? 0) < wanted) await once(this.events, 'answer');
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.open();
    this.events.emit('link');
    await Promise.all(this.work);
  }

  /** Makes an organization after the other, and invites people to each. */
  private async found(url: string): Promise<void> {
    while (!this.stopped) {
      const form = { email: freshAddress('founder'), password: PASSWORD, name: 'Founder', organizationName: 'Acme' };
      const reply = await this.post(`${url}/auth/signup`, form);
      if (reply?.status !== 201) continue;
      const { user, organization, accessToken } = reply.body;
      const founder = { url, email: form.email, userId: user.id, organizationId: organization.id, accessToken };
      this.founders.push(founder);
      if (!(await this.prove(founder))) continue;
      for (let i = 0; i < INVITES_EACH && !this.stopped; i++) await this.invite(founder);
    }
  }

  /** A mail that is on its way when the app is killed is leased for minutes: it is not waited for. */
  private async prove({ url, email, accessToken }: Founder): Promise<boolean> {
    const life = this.lives;
    while (!this.proofs.has(email) && this.lives === life && !this.stopped) await once(this.events, 'link');
    const token = this.proofs.get(email);
    return token !== undefined && (await this.post(`${url}/auth/verify-email`, { token }, accessToken))?.status === 204;
  }

  private async invite({ url, organizationId, accessToken }: Founder): Promise<void> {
    const email = freshAddress('guest');
    const reply = await this.post(
      `${url}/organizations/${organizationId}/invites`,
      { email, role: 'Member' },
      accessToken,
    );
    if (reply?.status === 201) this.invited.push({ email, inviteId: reply.body.id, organizationId });
  }

  /** Follows an invite after the other; once more where it was not heard how that ended. */
  private async join(url: string): Promise<void> {
    for (;;) {
      while (this.links.length === 0 && !this.stopped) await once(this.events, 'link');
      const mail = this.links.shift();
      if (this.stopped || !mail) return;
      const token = /#token=([\w-]+)/.exec(mail.body)![1];
      for (let done = false; !done && !this.stopped;) {
        const reply = await this.post(`${url}/invites/accept`, { token, name: 'Guest', password: PASSWORD });
        done = reply !== undefined && reply.status < 500;
        if (reply?.status !== 200) continue;
        this.joined.push({ email: mail.to[0]!, organizationId: reply.body.organization.id });
        this.count('joined');
      }
    }
  }

  /** Undefined when the connection was cut: it was done or not. */
  private async post(url: string, body: object, accessToken?: string): Promise<Reply | undefined> {
    while (!this.isOpen) await once(this.events, 'open');
    try {
      const headers = {
        'content-type': 'application/json',
        ...(accessToken && { authorization: `Bearer ${accessToken}` }),
      };
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
      const text = await response.text();
      const reply = { status: response.status, body: text ? JSON.parse(text) : undefined };
      const isOpen = reply.status === 503 && !response.headers.has('retry-after');
      const kind = `${reply.status} ${reply.body?.code}${isOpen ? ' without a time to come again' : ''}`;
      this.count(reply.status < 300 ? '2xx' : kind);
      if (reply.status === 503) await pause(50); // as Retry-After asks for, but sooner
      return reply;
    } catch {
      this.lost++;
      return undefined;
    }
  }

  private count(kind: string): void {
    this.answers[kind] = (this.answers[kind] ?? 0) + 1;
    this.events.emit('answer');
  }
}

const OWNERS = `SELECT 1 FROM user_org m JOIN roles r ON r.id = m.role_id JOIN users u ON u.id = m.user_id
  WHERE m.organization_id = o.id AND m.status = 'active' AND r.name = 'Owner' AND r.fixed = 1`;

/** What must never be there: parts of something that was to be done as a whole. */
const HALVES = {
  'an organization without an Owner': `SELECT o.id FROM organizations o WHERE NOT EXISTS (${OWNERS})`,
  'an organization without its roles':
    'SELECT o.id FROM organizations o WHERE (SELECT COUNT(*) FROM roles r WHERE r.organization_id = o.id) <> 3',
  'a member without a user': 'SELECT m.id FROM user_org m LEFT JOIN users u ON u.id = m.user_id WHERE u.id IS NULL',
  'a member without an organization':
    'SELECT m.id FROM user_org m LEFT JOIN organizations o ON o.id = m.organization_id WHERE o.id IS NULL',
  'a user without an organization': 'SELECT u.id FROM users u WHERE u.id NOT IN (SELECT user_id FROM user_org)',
  'a user without a session': 'SELECT u.id FROM users u WHERE u.id NOT IN (SELECT user_id FROM sessions)',
  'an accepted invite without a member':
    'SELECT i.id FROM invites i WHERE i.accepted_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM user_org m JOIN users u ON u.id = m.user_id WHERE m.organization_id = i.organization_id AND u.email = i.email)',
  'an account made by an invite that is open':
    'SELECT i.id FROM invites i JOIN users u ON u.email = i.email WHERE i.accepted_at IS NULL',
  'a message that is not delivered': 'SELECT id FROM outbox_messages',
};

/** Which halves are there. */
export async function halvesIn(house: House): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [what, sql] of Object.entries(HALVES)) {
    const { length } = await house.query(sql);
    if (length > 0) found[what] = length;
  }
  return found;
}

/** What was acknowledged and is not stored. */
export async function missingIn(house: House, { founders, invited, joined }: Crowd): Promise<string[]> {
  const members = await house.query(
    'SELECT u.email, m.organization_id AS org FROM users u JOIN user_org m ON m.user_id = u.id',
  );
  const invites = await house.query('SELECT id, email, organization_id AS org FROM invites');
  const stored = new Set([
    ...members.map(({ email, org }) => `${email} in ${org}`),
    ...invites.map(({ id, email, org }) => `${id}: ${email} to ${org}`),
  ]);
  return [
    ...[...founders, ...joined].map(({ email, organizationId }) => `${email} in ${organizationId}`),
    ...invited.map(({ inviteId, email, organizationId }) => `${inviteId}: ${email} to ${organizationId}`),
  ].filter((fact) => !stored.has(fact));
}

/** Whose mail did not come, or came as two messages: one that was sent again has the same Message-ID. */
export function unmailed({ founders, invited }: Crowd, smtp: Smtp): string[] {
  const addresses = [...founders, ...invited].map(({ email }) => email);
  return addresses.filter((address) => new Set(smtp.takenFor(address).map(({ messageId }) => messageId)).size !== 1);
}
