import { House } from '../support/house';
import { addressOf, client, counting, Shared, tokensOf } from '../support/tabs';
import type { Visitor } from '../support/visitor';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const REFRESH = '/auth/refresh';
const ALERT = 'We ended a session of yours';

describe('the session of a client', () => {
  let house: House;
  let baseUrl: string;

  beforeAll(async () => {
    house = await House.open();
    baseUrl = await addressOf(house);
  });
  afterAll(() => house.close());

  const open = (options: object) => client().createTenantry({ baseUrl, ...options });
  const refusal = (call: Promise<unknown>) =>
    call.then(
      () => 'not refused',
      (problem) => problem.code ?? problem.name,
    );
  const emailOf = async (tab: any) => (await tab.get('/auth/me')).user.email;
  const expectNoAlarm = async (ada: Visitor) =>
    expect((await house.mailsTo(ada.user.email)).map(({ subject }) => subject)).not.toContain(ALERT);

  describe.each([
    ['a storage that answers at once', false],
    ['a storage that answers later', true],
  ])('in two tabs with %s', (_, slow) => {
    async function twoTabs() {
      const ada = await house.user();
      const shared = new Shared();
      shared.tab().set(tokensOf(ada));
      const fetch = counting();
      const tabs = [1, 2].map(() => open({ storage: shared.tab(slow), fetch }));
      return { ada, shared, tabs, fetch };
    }

    test('one refreshes and the other calls half a minute later, as often as one likes', async () => {
      const { ada, tabs, fetch } = await twoTabs();
      for (const [first, second] of [tabs, tabs.toReversed(), tabs]) {
        house.clock.advance(15 * MINUTE);
        expect(await emailOf(first)).toBe(ada.user.email);
        house.clock.advance(32 * SECOND);
        expect(await emailOf(second)).toBe(ada.user.email);
      }
      expect(fetch.times(REFRESH)).toBe(3);
      await expectNoAlarm(ada);
    });

    test('both refresh at once, and go on with one pair', async () => {
      const { ada, shared, tabs } = await twoTabs();
      house.clock.advance(15 * MINUTE);
      const calls = tabs.flatMap((tab) => Array.from({ length: 10 }, () => emailOf(tab)));
      expect(new Set(await Promise.all(calls))).toEqual(new Set([ada.user.email]));

      house.clock.advance(15 * MINUTE);
      for (const tab of tabs) expect(await emailOf(tab)).toBe(ada.user.email);
      expect(JSON.parse(shared.text!).refreshToken).not.toBe(ada.refreshToken);
      await expectNoAlarm(ada);
    });

    test('a session that was ended is over in both, which are told once', async () => {
      const { ada, shared, tabs } = await twoTabs();
      const told: string[] = [];
      const watching = [1, 2].map((n) =>
        open({ storage: shared.tab(slow), onSignedOut: () => void told.push(`tab ${n}`) }),
      );
      (await ada.post('/auth/logout')).expect(204);

      expect(await refusal(watching[0].get('/auth/me'))).toBe('refresh-invalid');
      expect(await refusal(tabs[0].get('/auth/me'))).toBe('unauthenticated'); // as nobody
      await house.settled();
      expect(told.sort()).toEqual(['tab 1', 'tab 2']);
      expect(shared.text).toBeUndefined();
    });
  });

  test('clients that share one storage trade the token in once', async () => {
    const ada = await house.user();
    const storage = new Shared().tab(true);
    await storage.set(tokensOf(ada));
    const fetch = counting();
    const clients = [1, 2, 3].map(() => open({ storage, fetch }));
    house.clock.advance(15 * MINUTE);
    await Promise.all(clients.flatMap((one) => [emailOf(one), emailOf(one)]));
    expect(fetch.times(REFRESH)).toBe(1);
  });

  test('whoever signs in or out is told to all tabs, with their id, and once', async () => {
    const [ada, grace] = [await house.user(), await house.user()];
    const shared = new Shared();
    const tabs = [1, 2].map(() => open({ storage: shared.tab() }));
    const states: unknown[][] = [[], []];
    const stop = tabs.map((tab, i) => tab.onAuthState((state: unknown) => void states[i]!.push(state)));
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    await settle();
    for (const visitor of [ada, grace]) {
      await tabs[0].signIn(tokensOf(visitor));
      expect(await emailOf(tabs[1])).toBe(visitor.user.email);
    }
    house.clock.advance(15 * MINUTE);
    expect(await emailOf(tabs[1])).toBe(grace.user.email); // refreshed: nothing to tell
    await tabs[1].signOut();
    await settle();
    stop[0]();
    await tabs[1].signIn(tokensOf(ada));
    await settle();

    const nobody = { signedIn: false };
    const seen = [nobody, { signedIn: true, userId: ada.user.id }, { signedIn: true, userId: grace.user.id }, nobody];
    expect(states).toEqual([seen, [...seen, seen[1]]]);
    (await grace.get('/auth/me')).problem(401, 'unauthenticated'); // the session itself is over, too
  });

  test('who cannot reach the API is signed out all the same, and hears of it', async () => {
    const shared = new Shared();
    shared.tab().set(tokensOf(await house.user()));
    const tab = open({ storage: shared.tab(), fetch: () => Promise.reject(new TypeError('Failed to fetch')) });
    expect(await refusal(tab.signOut())).toBe('TypeError');
    expect(shared.text).toBeUndefined();
  });

  test('what one person asked for is not sent again as another, who signed in meanwhile', async () => {
    const [ada, grace] = [await house.user(), await house.user()];
    const shared = new Shared();
    shared.tab().set(tokensOf(ada));
    house.clock.advance(15 * MINUTE);
    const after = (await house.deviceOf(grace)) as Visitor;
    const fetch = async (request: Request) => {
      const answer = await globalThis.fetch(request);
      shared.tab().set(tokensOf(after));
      return answer;
    };
    const tab = open({ storage: shared.tab(), fetch });
    const put = tab.put('/users/{userId}', { params: { path: { userId: 'me' } }, body: { name: 'Ada' } });
    expect(await refusal(put)).toBe('unauthenticated');
    expect((await after.get('/auth/me')).expect(200).user.name).toBe(grace.user.name);
  });

  test('nor is it while the tokens of another are being refreshed', async () => {
    const [ada, grace] = [await house.user(), await house.user()];
    const shared = new Shared();
    shared.tab().set(tokensOf(ada));
    house.clock.advance(15 * MINUTE);
    let called: Promise<string> | undefined;
    let refused = () => {};
    const isRefused = new Promise<void>((resolve) => (refused = resolve));
    const fetch = async (request: Request): Promise<Response> => {
      const answer = await globalThis.fetch(request);
      if (request.url.endsWith('/auth/me')) refused();
      if (!request.url.endsWith(REFRESH) || called) return answer;
      shared.tab().set(tokensOf(grace)); // expired as well
      called = refusal(tab.get('/auth/me'));
      await isRefused;
      return answer;
    };
    const tab = open({ storage: shared.tab(), fetch });
    const put = tab.put('/users/{userId}', { params: { path: { userId: 'me' } }, body: { name: 'Ada' } });
    expect((await put).name).toBe('Ada');
    expect(await called).toBe('unauthenticated');
  });

  test('a busy or unreadable answer to a refresh ends nothing', async () => {
    const ada = await house.user();
    const shared = new Shared();
    shared.tab().set(tokensOf(ada));
    house.clock.advance(15 * MINUTE);
    for (const answer of [
      () => new Response('Busy', { status: 503 }),
      () => new Response('<h1>Sign in to this hotel</h1>'),
      () => new Response('No', { status: 401 }),
      () => Response.json({ code: 'too-many-requests' }, { status: 429 }),
    ]) {
      const fetch = (request: Request) =>
        request.url.endsWith(REFRESH) ? Promise.resolve(answer()) : globalThis.fetch(request);
      expect(await refusal(open({ storage: shared.tab(), fetch }).get('/auth/me'))).toMatch(/unreadable|too-many/);
      expect(JSON.parse(shared.text!)).toEqual(tokensOf(ada));
    }
    expect(await emailOf(open({ storage: shared.tab() }))).toBe(ada.user.email);
  });

  test('a refresh whose answer is lost on the way is given up in time, and asked for again', async () => {
    const ada = await house.user();
    const shared = new Shared();
    shared.tab().set(tokensOf(ada));
    house.clock.advance(15 * MINUTE);
    let isLost = true;
    let giveUp = () => {};
    const fetch = async (request: Request) => {
      const answer = await globalThis.fetch(request.clone());
      if (!isLost || !request.url.endsWith(REFRESH)) return answer;
      giveUp();
      throw request.signal.reason; // as of a fetch that still waits
    };
    const { setTimeout: real } = globalThis;
    globalThis.setTimeout = ((work: () => void, wait: number) => {
      if (wait === 8 * SECOND) giveUp = work; // less than the ten in which the API gives everyone the same pair
      return real(work, wait);
    }) as typeof setTimeout;
    const tab = open({ storage: shared.tab(), fetch });
    const lost = await refusal(tab.get('/auth/me'));
    globalThis.setTimeout = real;
    expect(lost).toBe(DOMException.ABORT_ERR);
    house.clock.advance(20 * MINUTE);
    isLost = false;
    expect(await emailOf(tab)).toBe(ada.user.email);
    house.clock.advance(15 * MINUTE);
    expect(await emailOf(tab)).toBe(ada.user.email);
    await expectNoAlarm(ada);
  });

  test('what keeps its tokens by onTokens works as before', async () => {
    const ada = await house.user();
    const told: { refreshToken: string }[] = [];
    const kept = open({ ...tokensOf(ada), onTokens: (tokens: any) => void told.push(tokens) });
    house.clock.advance(15 * MINUTE);
    expect(await emailOf(kept)).toBe(ada.user.email);
    house.clock.advance(15 * MINUTE);
    expect(await emailOf(open({ ...told[0] }))).toBe(ada.user.email);
  });

  test('a list is read page by page, as far as one goes', async () => {
    const owner = await house.owner();
    for (let i = 0; i < 5; i++)
      (
        await owner.post('/organizations/:org/invites', { email: `p${i}-${owner.number}@example.com`, role: 'Member' })
      ).expect(201);
    const fetch = counting();
    const ada = open({ ...tokensOf(owner), fetch });
    const path = { orgId: owner.organizationId };
    const params = { path, query: { limit: 2 } };
    const sizes: number[] = [];
    const ids: string[] = [];
    for await (const { data } of ada.pages('/organizations/{orgId}/invites', { params })) {
      sizes.push(data.length);
      ids.push(...data.map(({ id }: any) => id));
    }
    expect(sizes).toEqual([2, 2, 1]);
    expect(new Set(ids).size).toBe(5);

    const rest = ada.pages('/organizations/{orgId}/invites', { params: { path, query: { limit: 2, cursor: ids[2] } } });
    expect((await rest.next()).value.data.map(({ id }: any) => id)).toEqual(ids.slice(3));
    const before = fetch.times(`/organizations/${owner.organizationId}/invites`);
    await rest.return();
    expect(fetch.times(`/organizations/${owner.organizationId}/invites`)).toBe(before);
  });
});
