import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { connect } from '../../src/data-source';
import { loadConfig } from '../../src/config/config';
import type { KeptMail } from '../../src/mail/mailbox';
import { eventually } from '../support/eventually';
import { tokenIn } from '../support/mails';
import { emptyPlace, type Place } from '../support/place';
import { AppProcess, run } from '../support/process';
import { Smtp } from '../support/mail-server';
import { PASSWORD } from '../support/visitor';

let place: Place;
let app: AppProcess;
let source: DataSource;
let smtp: Smtp | undefined;

const open = async (settings = {}) => {
  app = await AppProcess.start(place.folder, { ...place.settings, ...settings });
  source = await connect(loadConfig({ NODE_ENV: 'test', DATA_DIR: join(place.folder, 'data'), ...place.settings }));
};

beforeEach(async () => {
  place = await emptyPlace();
});

afterEach(async () => {
  await source?.destroy();
  await app?.end();
  await smtp?.stop();
  await place.clear();
});

async function call(method: string, path: string, { body, token }: { body?: object; token?: string } = {}) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(app.url + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

/** Signs up and proves the mailbox; gives an access token. */
async function person(email: string): Promise<string> {
  const { accessToken } = (await call('POST', '/auth/signup', { body: { email, password: PASSWORD } })).body;
  const mails = await eventually<KeptMail[]>(async () => {
    const { data } = (await call('GET', `/dev/mailbox?to=${email}`)).body;
    return data.length > 0 && data;
  });
  const proof = { body: { token: tokenIn(mails, 'verify-email') }, token: accessToken };
  expect((await call('POST', '/auth/verify-email', proof)).status).toBe(204);
  return accessToken;
}

describe('npm run staff', () => {
  const staff = (...args: string[]) => run('cli/staff', args, place.folder, place.settings);
  const usersFor = async (token: string) => (await call('GET', '/users', { token })).status;

  test('grants and revokes at the next request, lists, and leaves a line in the activity log each time', async () => {
    await open();
    const token = await person('ada@example.com');
    expect(await usersFor(token)).toBe(403);

    expect(await staff('grant', 'Ada@Example.com', 'support')).toEqual(
      done('ada@example.com is platform staff: support.'),
    );
    expect(await usersFor(token)).toBe(200);
    expect(await staff('list')).toEqual(done('ada@example.com  support'));

    expect(await staff('revoke', 'ada@example.com')).toEqual(done('ada@example.com is not platform staff.'));
    expect(await usersFor(token)).toBe(403);
    expect(await staff('list')).toEqual(done('Nobody is platform staff.'));

    const trail = await source.query(
      "SELECT action, actor_id AS actor FROM activity_logs WHERE action LIKE 'staff.%' ORDER BY id",
    );
    expect(trail.map((line: object) => ({ ...line }))).toEqual([
      { action: 'staff.granted', actor: null },
      { action: 'staff.revoked', actor: null },
    ]);
  });

  test('refuses an address without an account, a mailbox not proved, and a role that is not there', async () => {
    await open();
    await person('ada@example.com');
    await call('POST', '/auth/signup', { body: { email: 'squatter@example.com', password: PASSWORD } });

    const unknown = 'There is no account with the address "nobody@example.com".';
    expect(await staff('grant', 'nobody@example.com', 'admin')).toEqual(refused(unknown));
    expect(await staff('revoke', 'nobody@example.com')).toEqual(refused(unknown));
    const unproved = 'squatter@example.com has yet to prove that mailbox.';
    expect(await staff('grant', 'squatter@example.com', 'admin')).toEqual(refused(unproved));
    const noRole = 'There is no staff role "king"; there are admin|support.';
    expect(await staff('grant', 'ada@example.com', 'king')).toEqual(refused(noRole));
    expect(await staff('list')).toEqual(done('Nobody is platform staff.'));
  });

  test('says how it is used, and that the app must have started once', async () => {
    expect(await staff('list')).toEqual(refused('The database has yet to be migrated: start the app first.'));
    await open();
    const usage = 'Usage: npm run staff -- grant <address> <admin|support> | revoke <address> | list';
    expect(await staff()).toEqual(refused(usage));
    expect(await staff('grant', 'ada@example.com')).toEqual(refused(usage));
  });
});

describe('npm run outbox', () => {
  const outbox = (...args: string[]) => run('cli/outbox', args, place.folder, place.settings);

  test('lists what the mail server refused for good, without its payload, and delivers it after a retry', async () => {
    const office = (smtp = await Smtp.open());
    office.reply = () => 550;
    await open({ SMTP_URL: office.url });
    await call('POST', '/auth/signup', { body: { email: 'ada@example.com', password: PASSWORD } });
    const dead = () => source.query('SELECT id, payload FROM outbox_messages WHERE due_at IS NULL');
    const [{ id, payload }] = await eventually(async () => {
      const rows = await dead();
      return rows.length > 0 && rows;
    });

    const { code, output } = await outbox('dead');
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`^${id}  link\\.sent  1 try  .*550 <\\(address\\)>: not now, or never.*\\n$`));
    expect(output).not.toContain(payload);

    office.reply = () => 250;
    expect(await outbox('retry')).toEqual(done('Due again: 1.'));
    await eventually(async () => office.takenFor('ada@example.com').length === 1);
    expect(await outbox()).toEqual(done('There are no dead letters.'));
  });
});

describe('npm run payments', () => {
  const payments = (...args: string[]) => run('cli/payments', args, place.folder, place.settings);

  test('tells whom the default plan would leave less, and moves them when it is told to', async () => {
    await open();
    await person('ada@example.com');
    const [{ id, slug }] = await source.query('SELECT id, slug FROM organizations');
    const usage = 'Usage: npm run payments -- apply-default-plan [--dry-run]';
    expect(await payments('apply-default-plan', '--all')).toEqual(refused(usage));
    expect(await payments('apply-default-plan')).toEqual(done('Have less than before: 0.'));

    const plan = ['free', 'Free', '', 1, 'EUR', 'month', '[]', '{"seats":2}', '{}', 'all'];
    const columns =
      'id, created_at, updated_at, version, code, name, description, amount, currency, `interval`, features, limits, provider_refs, default_for';
    await source.query(
      `INSERT INTO plans (${columns}) VALUES ('p', '2026-01-01', '2026-01-01', 1, ${plan.map(() => '?').join()})`,
      plan,
    );
    const line = `${id}  ${slug}  no limits → {"seats":2} (free)`;
    const limits = async () => (await source.query('SELECT plan, limits FROM organizations'))[0];
    expect(await payments('apply-default-plan', '--dry-run')).toEqual(done(`${line}\nWould have less than before: 1.`));
    expect(await limits()).toMatchObject({ plan: null, limits: null });
    expect(await payments('apply-default-plan')).toEqual(done(`${line}\nHave less than before: 1.`));
    expect(await limits()).toMatchObject({ plan: 'free' });
    expect(await payments('apply-default-plan')).toEqual(done('Have less than before: 0.'));
  });
});

const done = (line: string) => ({ code: 0, output: `${line}\n` });
const refused = (line: string) => ({ code: 1, output: `${line}\n` });
