import { MINUTE } from '../../src/kit/clock';
import { OutboxWorker } from '../../src/outbox/outbox.worker';
import { InvitesJob } from '../../src/modules/invites/invites.job';
import { House } from '../support/house';
import { guestAddress } from '../support/invitations';
import type { Visitor } from '../support/visitor';

describe('the mail of an invite', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({ APP_URL: 'https://app.example.com' });
  });
  afterAll(() => house.close());

  async function mailed(owner: Visitor, headers?: Record<string, string>) {
    const email = guestAddress();
    (await owner.post('/organizations/:org/invites', { email, role: 'Admin' }, headers)).expect(201);
    const mails = await house.mailsTo(email);
    expect(mails).toHaveLength(1);
    return mails[0]!;
  }

  test('names the organization and the inviter in its subject, and the role and the time in its text', async () => {
    const owner = await house.owner({ name: 'Ada Lovelace', organizationName: 'Analytical Engines' });
    const mail = await mailed(owner);

    expect(mail.subject).toBe('Ada Lovelace invites you to join Analytical Engines');
    for (const body of [mail.text, mail.html]) {
      expect(body).toContain('Ada Lovelace invites you to join Analytical Engines as Admin.');
      expect(body).toMatch(/works until \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    }
  });

  test('that was held up until the invite had expired still brings a link, which asks for a fresh one', async () => {
    const owner = await house.owner({ organizationName: 'Difference Engines' });
    const email = guestAddress();
    const worker = house.app.get(OutboxWorker);
    await worker.beforeApplicationShutdown(); // nothing is delivered for now
    (await owner.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);
    house.clock.advance(11 * MINUTE);
    await house.app.get(InvitesJob).sweep();
    Object.assign(worker, { stopped: false });

    const mail = (await house.mailTo(email))!;
    expect(mail.text).toContain('its link has expired');
    (await house.visitor().post('/invites/renew', { token: await house.tokenFor(email, 'invite') })).expect(202);
    expect((await house.mailTo(email))!.text).toContain('to join Difference Engines as Member.');
  });

  test('goes to the one address that was stored', async () => {
    const owner = await house.owner();
    const email = guestAddress();
    (await owner.post('/organizations/:org/invites', { email: email.toUpperCase(), role: 'Member' })).expect(201);
    expect((await house.mailTo(email))!.to).toBe(email);
  });

  test('carries the same link in HTML and text, built from the settings and never from the request', async () => {
    const mail = await mailed(await house.owner(), {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
    });

    const [link] = mail.links;
    expect(mail.links).toHaveLength(1);
    expect(link).toMatch(/^https:\/\/app\.example\.com\/links\/invite#token=[\w-]{43}$/);
    expect(mail.text).toContain(link);
    expect(mail.html).toContain(`href="${link}"`);
    expect(mail.text + mail.html + mail.subject).not.toContain('evil.example');
  });

  test('shows names as text, whatever they hold', async () => {
    const owner = await house.owner({ name: '<b>Ada</b> & "co"', organizationName: '<img src=x onerror=alert(1)>' });
    const mail = await mailed(owner);

    expect(mail.html).not.toMatch(/<img|<b>/);
    expect(mail.html).toContain('&#60;img src=x onerror=alert(1)&#62;');
    expect(mail.text).toContain('<img src=x onerror=alert(1)>');
  });
});
