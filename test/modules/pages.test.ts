import { House } from '../support/house';
import { outsidersOf, type Refuses } from '../support/outsiders';
import { sameProblem } from '../support/answer';
import { onInstallations, tally } from '../support/races';
import type { Visitor } from '../support/visitor';

const ABOUT = { slug: 'about', title: 'About us', body: 'We build **rockets**.' };
const NOBODY = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';

describe('pages', () => {
  let house: House;
  let ada: Visitor; // owns a fresh organization in each test
  let slug: string; // its slug

  beforeAll(async () => {
    house = await House.open({ ACCESS_TOKEN_TTL: '24h' });
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    ada = await house.owner();
    slug = (await ada.get('/organizations/:org')).expect(200).slug;
  });

  const write = async (more: object = {}) =>
    (await ada.post('/organizations/:org/pages', { ...ABOUT, ...more })).expect(201);
  const publish = (id: string) => ada.post(`/organizations/:org/pages/${id}/publication`);
  const publicly = (path = 'about', headers?: Record<string, string>) =>
    house.visitor().get(`/public/${slug}/pages/${path}`, headers);
  const trail = async () =>
    (await ada.get('/organizations/:org/activity-logs?limit=100'))
      .expect(200)
      .data.map(({ action }: { action: string }) => action)
      .filter((action: string) => action.startsWith('page.'));

  describe('writing', () => {
    test('a new page is a draft in English, its Markdown already made into HTML', async () => {
      const page = await write();
      expect(page).toMatchObject({ ...ABOUT, locale: 'en', seo: {}, status: 'draft', publishAt: null });
      expect(page.bodyHtml).toBe('<p>We build <strong>rockets</strong>.</p>\n');
      expect((await ada.get(`/organizations/:org/pages/${page.id}`)).expect(200)).toEqual(page);
      expect(await trail()).toEqual(['page.created']);
    });

    test('a change touches what is sent, makes the HTML anew, and needs the version that was read', async () => {
      const { id } = await write({ seo: { title: 'Acme', noIndex: true } });
      const path = `/organizations/:org/pages/${id}`;
      const tag = String((await ada.get(path)).headers.etag);

      const changed = (await ada.put(path, { body: '# New' }, { 'if-match': tag })).expect(200);
      expect(changed).toMatchObject({ title: 'About us', body: '# New', bodyHtml: '<h1>New</h1>\n' });
      expect(changed.seo).toEqual({ title: 'Acme', noIndex: true });
      (await ada.put(path, { body: 'lost' }, { 'if-match': tag })).problem(412, 'precondition-failed');
      expect(await trail()).toEqual(['page.updated', 'page.created']);
    });

    test('a slug is free in another language and in another organization, taken in the same', async () => {
      const first = await write();
      (await ada.post('/organizations/:org/pages', ABOUT)).problem(409, 'article-slug-taken');
      const german = await write({ locale: 'de' });
      (await (await house.owner()).post('/organizations/:org/pages', ABOUT)).expect(201);

      (await ada.put(`/organizations/:org/pages/${german.id}`, { locale: 'en' })).problem(409, 'article-slug-taken');
      const { data } = (await ada.get('/organizations/:org/pages')).expect(200);
      expect(data.map(({ id }: { id: string }) => id)).toEqual([german.id, first.id]);
    });

    test('the list comes in pages, newest first, without bodies', async () => {
      const ids: string[] = [];
      for (const name of ['one', 'two', 'three']) ids.unshift((await write({ slug: name })).id);
      const first = (await ada.get('/organizations/:org/pages?limit=2')).expect(200);
      const second = (await ada.get(`/organizations/:org/pages?limit=2&cursor=${first.nextCursor}`)).expect(200);

      expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids);
      expect(second.nextCursor).toBeNull();
      expect(first.data[0]).toMatchObject({ slug: 'three', status: 'draft' });
      expect(first.data[0]).not.toHaveProperty('body');
    });

    test('a deleted page is gone', async () => {
      const { id } = await write();
      (await ada.delete(`/organizations/:org/pages/${id}`)).expect(204);
      (await ada.delete(`/organizations/:org/pages/${id}`)).problem(404, 'not-found');
      (await ada.get(`/organizations/:org/pages/${id}`)).problem(404, 'not-found');
      expect(await trail()).toEqual(['page.deleted', 'page.created']);
    });

    test.each([
      ['no title', { slug: 'a', body: '' }, '#/title'],
      ['a slug with capitals', { ...ABOUT, slug: 'About' }, '#/slug'],
      ['a locale that is none', { ...ABOUT, locale: 'English' }, '#/locale'],
      ['HTML of its own', { ...ABOUT, bodyHtml: '<script>' }, '#/bodyHtml'],
      ['a status of its own', { ...ABOUT, status: 'published' }, '#/status'],
      ['a link preview that is no address', { ...ABOUT, seo: { imageUrl: 'javascript:alert(1)' } }, '#/seo/imageUrl'],
      ['search words of another kind', { ...ABOUT, seo: [] }, '#/seo'],
      ['a body that is no text', { ...ABOUT, body: 0 }, '#/body'],
      ['a year before time', { ...ABOUT, publishAt: '0000-01-01T00:00:00Z' }, '#/publishAt'],
      ['a year after time', { ...ABOUT, publishAt: '9999-12-31T23:59:59-01:00' }, '#/publishAt'],
      [
        'HTML out of all proportion',
        { ...ABOUT, body: `[a]: /${'y'.repeat(9000)}\n\n${'[a]'.repeat(9000)}` },
        '#/body',
      ],
    ])('%s is refused', async (_what, body, pointer) => {
      const { errors } = (await ada.post('/organizations/:org/pages', body)).problem(422, 'validation-failed');
      expect(errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
    });
  });

  describe('publishing', () => {
    test('what is published can be read by anyone, what is withdrawn by nobody', async () => {
      const { id } = await write({ seo: { description: 'Rockets' } });
      (await publicly()).problem(404, 'not-found');

      expect((await publish(id)).expect(200)).toMatchObject({ status: 'published', publishAt: expect.any(String) });
      const seen = (await publicly()).expect(200);
      expect(seen).toMatchObject({ slug: 'about', bodyHtml: '<p>We build <strong>rockets</strong>.</p>\n' });
      expect(Object.keys(seen).sort()).toEqual(
        ['bodyHtml', 'locale', 'publishedAt', 'seo', 'slug', 'title', 'updatedAt'].sort(),
      );

      (await ada.delete(`/organizations/:org/pages/${id}/publication`)).expect(204);
      (await publicly()).problem(404, 'not-found');
      expect((await ada.get(`/organizations/:org/pages/${id}`)).expect(200).status).toBe('draft');
      expect(await trail()).toEqual(['page.withdrawn', 'page.published', 'page.created']);
    });

    test('to publish or withdraw twice changes nothing', async () => {
      const { id } = await write();
      (await ada.delete(`/organizations/:org/pages/${id}/publication`)).expect(204);
      const once = (await publish(id)).expect(200);
      house.clock.advance(60_000);

      expect((await publish(id)).expect(200)).toEqual(once);
      expect(await trail()).toEqual(['page.published', 'page.created']);
    });

    test('a page that is not there can be neither', async () => {
      (await publish(NOBODY)).problem(404, 'not-found');
      (await ada.delete(`/organizations/:org/pages/${NOBODY}/publication`)).problem(404, 'not-found');
    });

    test('a page with a time appears then, to the millisecond, whether or not a job runs', async () => {
      const publishAt = new Date(Date.now() + 7 * 86_400_000).toISOString();
      const page = await write({ slug: 'later', publishAt });
      expect(page).toMatchObject({ status: 'scheduled', publishAt });
      (await publicly('later')).problem(404, 'not-found');

      (await ada.put(`/organizations/:org/pages/${page.id}`, { publishAt: '2020-02-20T20:20:20.202Z' })).expect(200);
      expect((await publicly('later')).expect(200).publishedAt).toBe('2020-02-20T20:20:20.202Z');
    });

    test('a writer who may not publish sets no time either', async () => {
      const permissions = ['content:read', 'content:write'];
      (await ada.post('/organizations/:org/roles', { name: 'Writer', permissions })).expect(201);
      const grace = await house.member(ada, 'Writer');
      const { id } = (await grace.post('/organizations/:org/pages', ABOUT)).expect(201);

      for (const publishAt of [null, '2020-01-01T00:00:00Z']) {
        (await grace.put(`/organizations/:org/pages/${id}`, { publishAt })).problem(403, 'forbidden');
        (await grace.post('/organizations/:org/pages', { ...ABOUT, slug: 'b', publishAt })).problem(403, 'forbidden');
      }
      (await grace.post(`/organizations/:org/pages/${id}/publication`)).problem(403, 'forbidden');
      (await grace.delete(`/organizations/:org/pages/${id}/publication`)).problem(403, 'forbidden');
      (await publicly()).problem(404, 'not-found');
    });

    test('of several languages the first is read, unless one is asked for', async () => {
      for (const [locale, title] of [
        ['de', 'Über uns'],
        ['en', 'About us'],
      ])
        await publish((await write({ locale, title })).id);

      expect((await publicly()).expect(200).title).toBe('Über uns');
      expect((await publicly('about?locale=en')).expect(200).title).toBe('About us');
      (await publicly('about?locale=fr')).problem(404, 'not-found');
      (await publicly('about?locale=English')).problem(422, 'validation-failed');
    });
  });

  describe('reading in public', () => {
    test('nobody can tell a draft from a page, an organization or a slug that is not there', async () => {
      await write();
      const draft = await publicly();
      sameProblem(draft, await publicly('no-such-page'));
      sameProblem(draft, await publicly('NO%2Fslug'));
      sameProblem(draft, await house.visitor().get('/public/no-such-organization/pages/about'));
      expect(draft.headers['cache-control']).toBe('no-store');
    });

    test('a suspended organization shows nothing', async () => {
      await publish((await write()).id);
      (await publicly()).expect(200);
      await house.query("UPDATE organizations SET status = 'suspended' WHERE id = ?", [ada.organizationId]);
      (await publicly()).problem(404, 'not-found');
    });

    test('the answer may be kept for a minute, and is 304 to whoever has it', async () => {
      const { id } = await write();
      await publish(id);
      const first = await publicly();
      const tag = String(first.headers.etag);
      expect(first.headers).toMatchObject({
        'cache-control': 'public, max-age=60, stale-while-revalidate=300',
        'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
      });

      for (const header of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
        const again = await publicly('about', { 'if-none-match': header });
        expect([again.status, again.text, again.headers.etag]).toEqual([304, '', tag]);
      }
      (await publicly('about', { 'if-none-match': '"other"' })).expect(200);

      (await ada.put(`/organizations/:org/pages/${id}`, { title: 'New' })).expect(200);
      const changed = await publicly('about', { 'if-none-match': tag });
      expect(changed.expect(200).title).toBe('New');
      expect(changed.headers.etag).not.toBe(tag);
    });

    test('what is not public is not kept by caches', async () => {
      const { id } = await write();
      expect((await ada.get(`/organizations/:org/pages/${id}`)).headers['cache-control']).toBe('no-store');
    });
  });

  describe('who may', () => {
    let refuse: Refuses;
    let id: string;

    beforeEach(async () => {
      refuse = await outsidersOf(house, ada);
      ({ id } = await write());
    });

    test.each([
      ['GET', '', undefined],
      ['POST', '', ABOUT],
      ['GET', '/:page', undefined],
      ['PUT', '/:page', { title: 'Mine' }],
      ['DELETE', '/:page', undefined],
      ['POST', '/:page/publication', undefined],
      ['DELETE', '/:page/publication', undefined],
    ] as const)('%s …/pages%s is closed to outsiders', async (method, path, body) => {
      await refuse(method, `/organizations/:org/pages${path.replace(':page', id)}`, body);
    });

    test('a page of one organization is not there for another', async () => {
      const mallory = await house.owner();
      const path = `/organizations/:org/pages/${id}`;
      for (const answer of [
        await mallory.get(path),
        await mallory.put(path, { title: 'Mine' }),
        await mallory.delete(path),
        await mallory.post(`${path}/publication`),
        await mallory.delete(`${path}/publication`),
      ])
        answer.problem(404, 'not-found');
      expect((await ada.get(path)).expect(200)).toMatchObject({ title: 'About us', status: 'draft' });
    });

    test('a Member may look and no more', async () => {
      const grace = await house.member(ada);
      (await grace.get(`/organizations/:org/pages/${id}`)).expect(200);
      (await grace.put(`/organizations/:org/pages/${id}`, { title: 'Mine' })).problem(403, 'forbidden');
    });
  });
});

onInstallations((installation) => {
  test('of twenty pages written at once under one slug, one is', async () => {
    const ada = await installation.house.owner();
    const answers = await installation.raceAs([ada], (person) => person.post('/organizations/:org/pages', ABOUT));
    expect(tally(answers)).toEqual({ 201: 1, '409 article-slug-taken': 19 });
  });

  test('twenty publications at once are one in the activity log', async () => {
    const ada = await installation.house.owner();
    const { id } = (await ada.post('/organizations/:org/pages', ABOUT)).expect(201);
    const answers = await installation.raceAs([ada], (person) =>
      person.post(`/organizations/:org/pages/${id}/publication`),
    );
    expect(tally(answers)).toEqual({ 200: 20 });
    const { data } = (await ada.get('/organizations/:org/activity-logs?action=page.published')).expect(200);
    expect(data).toHaveLength(1);
  });
});
