import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ModuleKind, transpile } from 'typescript';
import { Browser } from '../support/browser';
import { eventually } from '../support/eventually';
import { House } from '../support/house';
import { freePort } from '../support/process';
import { PASSWORD, type Visitor } from '../support/visitor';

const MINUTE = 60_000;
const ROOT = join(__dirname, '../..');
const blocks = [...readFileSync(join(ROOT, 'client/README.md'), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)];
/** The README's example of a browser, up to where it signs somebody in. */
const EXAMPLE = blocks
  .map(([, block]) => block!)
  .find((block) => block.includes('storage: browserStorage()'))!
  .split('await tenantry.signIn')[0]!;
/** What the README showed before there were storages. */
const FORMER = `
import { createTenantry } from 'tenantry-client';
const kept = JSON.parse(localStorage.getItem('tokens') ?? '{}');
const tenantry = createTenantry({
  baseUrl: 'https://api.example.com',
  ...kept,
  onTokens: (tokens) => localStorage.setItem('tokens', JSON.stringify(tokens)),
});
`;

const IMPORTS = { imports: { 'tenantry-client': '/client/tenantry.js', 'openapi-fetch': '/openapi-fetch/index.mjs' } };
const PLACES: [RegExp, string][] = [
  [/^\/client\/(\w+\.js)$/, 'client/dist/esm'],
  [/^\/openapi-fetch\/(index\.mjs)$/, 'node_modules/openapi-fetch/dist'],
];

let house: House;
let browser: Browser;
let site: string;
let close: () => void;

beforeAll(async () => {
  const port = await freePort();
  site = `http://127.0.0.1:${port}`;
  house = await House.open({ CORS_ORIGINS: site });
  await house.app.listen(0, '127.0.0.1');
  const api = await house.app.getUrl();
  const scripts: Record<string, string> = { '/example.js': EXAMPLE, '/former.js': FORMER };
  const server = createServer(({ url = '' }, answer) => {
    const script = scripts[url];
    const place = PLACES.find(([path]) => path.test(url));
    if (url === '/login' || url === '/')
      return answer.setHeader('content-type', 'text/html').end('<title>A site</title>');
    answer.setHeader('content-type', script || place ? 'text/javascript' : 'text/html');
    if (place) return answer.end(readFileSync(join(ROOT, place[1], place[0].exec(url)![1]!)));
    if (script) {
      const code = transpile(script, { module: ModuleKind.ESNext, target: 99 });
      return answer.end(`${code.replace('https://api.example.com', api)}\nglobalThis.tenantry = tenantry;`);
    }
    const map = `<script type="importmap">${JSON.stringify(IMPORTS)}</script>`;
    return answer.end(`<!doctype html>${map}<script type="module" src="${url}.js"></script>`);
  }).listen(port, '127.0.0.1');
  close = () => server.close();
  browser = await Browser.open(site);
});

afterAll(async () => {
  await browser?.close();
  close?.();
  await house?.close();
});

/** A tab with an example in it. */
async function tab(example: string): Promise<Page> {
  const page = await browser.context.newPage();
  await page.goto(`${site}/${example}`);
  await page.waitForFunction('globalThis.tenantry');
  return page;
}
const signIn = (page: Page, { user }: Visitor) =>
  page.evaluate(`tenantry.post('/auth/login', { body: ${JSON.stringify({ email: user.email, password: PASSWORD })} })
    .then((answer) => tenantry.signIn(answer))`);
const emailIn = (page: Page) =>
  page.evaluate(`tenantry.get('/auth/me').then(({ user }) => user.email, ({ code }) => code)`);

/** Two tabs of the same person, and how often they refresh. */
async function twoTabs(example: string) {
  const ada = await house.user();
  const first = await tab(example);
  await signIn(first, ada);
  const tabs = [first, await tab(example)] as const;
  let refreshes = 0;
  for (const one of tabs)
    one.on(
      'request',
      (request) => void (request.method() === 'POST' && request.url().endsWith('/auth/refresh') && refreshes++),
    );
  return { ada, tabs, refreshes: () => refreshes };
}
const expectNoAlarm = async (ada: Visitor) =>
  expect((await house.mailsTo(ada.user.email)).map(({ subject }) => subject)).not.toContain(
    'We ended a session of yours',
  );

test.each(['example', 'former'])(
  'two tabs with the %s of the README: one refreshes, the other calls later',
  async (example) => {
    const { ada, tabs } = await twoTabs(example);
    for (const [one, other] of [tabs, tabs.toReversed(), tabs] as Page[][]) {
      house.clock.advance(15 * MINUTE);
      expect(await emailIn(one!)).toBe(ada.user.email);
      house.clock.advance(12_000);
      expect(await emailIn(other!)).toBe(ada.user.email);
    }
    await expectNoAlarm(ada);
    await Promise.all(tabs.map((one) => one.close()));
  },
);

test('tabs that call at once refresh once, and sign out together', async () => {
  const { ada, tabs, refreshes } = await twoTabs('example');
  house.clock.advance(15 * MINUTE);
  const calls = [...tabs, ...tabs, ...tabs].map((one) => emailIn(one));
  expect(new Set(await Promise.all(calls))).toEqual(new Set([ada.user.email]));
  expect(refreshes()).toBe(1);

  await tabs[0].evaluate('tenantry.signOut().catch(() => undefined)').catch(() => undefined); // the page goes away
  const isAtLogin = async () => tabs.every((one) => one.url() === `${site}/login`);
  expect(await eventually(isAtLogin)).toBe(true);
  expect(await tabs[1].evaluate("localStorage.getItem('tenantry')")).toBeNull();
  await Promise.all(tabs.map((one) => one.close()));
});

test('where there are no Web Locks, tabs that call at once go on all the same', async () => {
  await browser.context.addInitScript("Object.defineProperty(navigator, 'locks', { value: undefined })");
  const { ada, tabs } = await twoTabs('example');
  for (let i = 0; i < 3; i++) {
    house.clock.advance(15 * MINUTE);
    const calls = [...tabs, ...tabs, ...tabs].map((one) => emailIn(one));
    expect(new Set(await Promise.all(calls))).toEqual(new Set([ada.user.email]));
  }
  await expectNoAlarm(ada);
});
