import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { authorize, Browser, tryItOut } from '../support/browser';
import { eventually } from '../support/eventually';
import { emptyPlace, type Place } from '../support/place';
import { AppProcess } from '../support/process';

let place: Place;
let app: AppProcess;
let browser: Browser;
let adas: string;

beforeAll(async () => {
  place = await emptyPlace();
  app = await AppProcess.start(place.folder, place.settings);
  browser = await Browser.open(app.url);
});

afterAll(async () => {
  await browser?.close();
  await app?.end();
  await place?.clear();
});

/** Opens the mailbox once the mail is there, and the page behind the button in the mail. */
async function follow(address: string, button: string) {
  await eventually(async () => {
    const { data }: any = await (await fetch(`${app.url}/dev/mailbox?to=${address}`)).json();
    return data.length > 0;
  });
  const mailbox = await browser.context.newPage();
  await mailbox.goto(`${app.url}/dev/mailbox?to=${address}`);
  const opened = browser.context.waitForEvent('page');
  await mailbox.frameLocator('iframe').first().getByRole('link', { name: button }).click();
  return opened;
}

test('a person signs up, proves the mailbox, invites and joins with Swagger UI and the development mailbox alone', async () => {
  const docs = await browser.context.newPage();
  await docs.goto(`${app.url}/docs`);
  const signUp = await tryItOut(docs, 'signUp'); // the example, as it stands there
  expect(signUp.status).toBe(201);

  await authorize(docs, signUp.body.accessToken);
  const me = await tryItOut(docs, 'getMe');
  adas = signUp.body.user.email;
  expect(adas).toMatch(/^ada-\w+@example\.com$/);
  expect(me).toMatchObject({ status: 200, body: { user: { email: adas, emailVerified: false } } });

  const proof = await follow(adas, 'Confirm my address');
  await proof.getByRole('button', { name: 'Confirm my address' }).click();
  await proof.getByText('Your address is confirmed.').waitFor();

  const invite = await tryItOut(docs, 'createInvite', {
    parameters: { orgId: signUp.body.organization.id },
    body: { email: 'grace@example.com', role: 'Member' },
  });
  expect(invite).toMatchObject({ status: 201, body: { status: 'pending' } });

  const joining = await follow('grace@example.com', 'Join Acme');
  await joining.getByText(/^for \d+ minutes?$/).waitFor();
  await joining.getByLabel('Name').fill('Grace Hopper');
  expect(await joining.title()).toBe('You are invited · Tenantry');
  await joining.getByLabel('Password', { exact: true }).fill('compilers before breakfast');
  await joining.getByRole('button', { name: 'Create my account and join' }).click();
  await joining.getByText('Your account is made and you have joined.').waitFor();

  const theirs = await browser.context.newPage();
  await theirs.goto(`${app.url}/docs`);
  await authorize(theirs, await joining.getByRole('textbox', { name: 'Access token' }).inputValue());
  const { memberships } = (await tryItOut(theirs, 'getMe')).body;
  expect(memberships).toMatchObject([{ role: 'Member', organization: { name: 'Acme' } }]);

  expect(browser.outside).toEqual([]);
  expect(browser.complaints).toEqual([]);
});

test('an example can be tried again: each time with what is not there yet, and the one that was made is the one that signs in', async () => {
  const docs = await browser.context.newPage();
  await docs.goto(`${app.url}/docs`);
  const first = await tryItOut(docs, 'signUp');
  expect(first.status).toBe(201);

  const block = docs.locator('[id$="-signUp"]');
  const answered = docs.waitForResponse(/signup/);
  await block.getByRole('button', { name: 'Execute' }).click();
  const second = await answered;
  expect(second.status()).toBe(201);
  const shown = JSON.parse(await block.locator('textarea.body-param__text').inputValue());
  expect(shown).toEqual(second.request().postDataJSON());
  expect(shown.email).not.toBe(first.body.user.email);

  expect((await tryItOut(docs, 'login')).body.user.id).toBe(first.body.user.id);
  expect(browser.complaints).toEqual([]);
});

test('the documentation is found by words, says who may, and of which release it is', async () => {
  const docs = await browser.context.newPage();
  await docs.goto(`${app.url}/docs`);
  const groups = docs.locator('.opblock-tag');
  await groups.first().waitFor();
  expect(await groups.count()).toBeGreaterThan(15);
  expect(await docs.locator('.opblock').count()).toBe(0); // closed
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  expect((await docs.locator('.info .version').first().innerText()).trim()).toBe(version);

  for (const words of ['createInvite', '/invites', 'person by E-MAIL', 'Invites']) {
    await docs.locator('.operation-filter-input').fill(words);
    await docs.getByText('Sign-up, sign-in, mailed links').waitFor({ state: 'detached' });
    expect(await groups.getByText('Invites', { exact: true }).count()).toBe(1);
  }
  await docs.locator('.operation-filter-input').fill('createInvite');
  await docs.getByText('Tenants', { exact: true }).waitFor({ state: 'detached' });
  await groups.first().click();
  await docs.locator('[id$="-createInvite"] .opblock-summary-control').click();
  await docs.getByText('Needs the permission invites:create.').waitFor();
  await docs.getByText('grants-too-much').first().waitFor(); // of an answer that stands elsewhere

  expect(browser.outside).toEqual([]);
  expect(browser.complaints).toEqual([]);
});

test('who follows the link on another device keeps the password by typing it, and nothing is lost by trying', async () => {
  const email = 'joan@example.com';
  const post = (path: string, body: object) =>
    fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const password = 'compilers before breakfast';
  expect((await post('/auth/signup', { email, password })).status).toBe(201);

  const proof = await follow(email, 'Confirm my address');
  await proof.getByRole('button', { name: 'Confirm my address' }).click();
  await proof.getByText('set up on another device').waitFor();
  await proof.getByText('I did not choose one').click();
  await proof.getByLabel('New password').fill('password1');
  await proof.getByRole('button', { name: 'Confirm with a new password' }).click();
  await proof.getByText('Is one of the passwords that are tried first').waitFor(); // under the field
  expect(await proof.getByLabel('New password').getAttribute('aria-invalid')).toBe('true');
  await proof.getByLabel('The password that you chose').fill('something else');
  await proof.getByRole('button', { name: 'Confirm with my password' }).click();
  await proof.getByText('password is wrong').waitFor();
  await proof.getByLabel('The password that you chose').fill(password);
  await proof.getByRole('button', { name: 'Confirm with my password' }).click();
  await proof.getByText('and your password stays').waitFor();
  expect((await post('/auth/login', { email, password })).status).toBe(200);
});

test('who has an account joins by signing in on the page, and sees no token in doing so', async () => {
  const page = await browser.context.newPage();
  await page.goto(`${app.url}/docs`);
  const post = (path: string, body: object, bearer?: string) =>
    fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
      body: JSON.stringify(body),
    });
  const password = 'compilers before breakfast';
  const ada: any = await (await post('/auth/login', { email: adas, password: 'correct horse battery staple' })).json();
  const { memberships }: any = await (
    await fetch(`${app.url}/auth/me`, { headers: { authorization: `Bearer ${ada.accessToken}` } })
  ).json();
  const invite = { email: 'joan@example.com', role: 'Member' };
  const path = `/organizations/${memberships[0].organization.id}/invites`;
  expect((await post(path, invite, ada.accessToken)).status).toBe(201);

  const joining = await follow('joan@example.com', 'Join Acme');
  await joining.getByText('I have an account').click();
  await joining.getByLabel('Your password').fill('something else');
  await joining.getByRole('button', { name: 'Sign in and join' }).click();
  await joining.getByText('The address or the password is wrong.').waitFor();
  await joining.getByLabel('Your password').fill(password);
  await joining.getByRole('button', { name: 'Sign in and join' }).click();
  await joining.getByText('You have joined.').waitFor();
  expect(await joining.getByRole('textbox', { name: 'Access token' }).isVisible()).toBe(false);
});
