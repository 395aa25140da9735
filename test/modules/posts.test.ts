import { clock } from '../../src/kit/clock';
import { OutboxHandlers } from '../../src/outbox/outbox.handlers';
import { PostsService } from '../../src/modules/content/posts/posts.service';
import { sameProblem } from '../support/answer';
import { House } from '../support/house';
import { outsidersOf, type Refuses } from '../support/outsiders';
import { onInstallations } from '../support/races';
import type { Visitor } from '../support/visitor';
import { readXml, type Xml } from '../support/xml';

const LAUNCH = {
  slug: 'launch',
  title: 'We launch',
  body: 'It *flies*.',
  excerpt: 'It flies.',
  tags: ['rockets', 'news'],
};
const HOUR = 3_600_000;

describe('posts', () => {
  let house: House;
  let ada: Visitor; // owns a fresh organization in each test
  let slug: string; // its slug

  beforeAll(async () => {
    house = await House.open({ ACCESS_TOKEN_TTL: '24h', APP_URL: 'https://app.example' });
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    ada = await house.owner();
    slug = (await ada.get('/organizations/:org')).expect(200).slug;
  });

  const write = async (more: object = {}) =>
    (await ada.post('/organizations/:org/posts', { ...LAUNCH, ...more })).expect(201);
  const publicly = (path: string, headers?: Record<string, string>) =>
    house.visitor().get(`/public/${slug}/${path}`, headers);
  const shown = async (query = ''): Promise<string[]> =>
    (await publicly(`posts${query}`)).expect(200).data.map((post: { slug: string }) => post.slug);
  const inAnHour = () => new Date(clock.now().getTime() + HOUR).toISOString();
  const published = async () =>
    (await ada.get('/organizations/:org/activity-logs?action=post.published')).expect(200).data;

  test('a new post is a draft with its excerpt and tags; both may be left out', async () => {
    expect(await write()).toMatchObject({ ...LAUNCH, status: 'draft', bodyHtml: '<p>It <em>flies</em>.</p>\n' });
    const { excerpt: _excerpt, tags: _tags, ...bare } = LAUNCH;
    const post = (await ada.post('/organizations/:org/posts', { ...bare, slug: 'bare' })).expect(201);
    expect(post).toMatchObject({ excerpt: '', tags: [] });

    const changed = (await ada.put(`/organizations/:org/posts/${post.id}`, { tags: ['one'] })).expect(200);
    expect(changed).toMatchObject({ title: 'We launch', excerpt: '', tags: ['one'] });
    const { data } = (await ada.get('/organizations/:org/posts')).expect(200);
    expect(data.map((one: { slug: string; tags: string[] }) => [one.slug, one.tags])).toEqual([
      ['bare', ['one']],
      ['launch', ['rockets', 'news']],
    ]);
    expect(data[0]).not.toHaveProperty('bodyHtml');
  });

  test.each([
    ['a tag twice', { tags: ['a', 'a'] }, '#/tags'],
    ['tags that are no list', { tags: 'a' }, '#/tags'],
    ['too many tags', { tags: Array.from({ length: 21 }, (_, i) => `tag ${i}`) }, '#/tags'],
    ['a long excerpt', { excerpt: 'x'.repeat(501) }, '#/excerpt'],
    ['a time that is none', { publishAt: 'tomorrow' }, '#/publishAt'],
    ['a publication of its own', { publicationId: '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55' }, '#/publicationId'],
  ])('%s is refused', async (_what, more, pointer) => {
    const { errors } = (await ada.post('/organizations/:org/posts', { ...LAUNCH, ...more })).problem(
      422,
      'validation-failed',
    );
    expect(errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  test('a slug is unique in its language', async () => {
    await write();
    (await ada.post('/organizations/:org/posts', LAUNCH)).problem(409, 'article-slug-taken');
    const other = await write({ slug: 'other' });
    (await ada.put(`/organizations/:org/posts/${other.id}`, { slug: 'launch' })).problem(409, 'article-slug-taken');
  });

  describe('scheduling', () => {
    test('a post appears at its time, whether or not the job has run', async () => {
      const publishAt = inAnHour();
      const { id, status } = await write({ publishAt });
      expect(status).toBe('scheduled');
      (await publicly('posts/launch')).problem(404, 'not-found');
      expect(await shown()).toEqual([]);

      house.clock.advance(HOUR + 1);
      expect((await publicly('posts/launch')).expect(200)).toMatchObject({
        publishedAt: publishAt,
        updatedAt: publishAt,
      });
      expect(await shown()).toEqual(['launch']);
      expect((await ada.get(`/organizations/:org/posts/${id}`)).expect(200).status).toBe('published');
    });

    test('the job writes into the log what appeared, once, and changes nothing that is seen', async () => {
      const { id } = await write({ publishAt: inAnHour() });
      await house.app.get(PostsService, { strict: false }).announceDue();
      expect(await published()).toEqual([]);

      house.clock.advance(HOUR + 1);
      const before = await publicly('posts/launch');
      for (let i = 0; i < 2; i++) await house.app.get(PostsService, { strict: false }).announceDue();
      expect(await published()).toMatchObject([{ targetType: 'post', targetId: id, actorId: null }]);
      const after = await publicly('posts/launch');
      expect([after.text, after.headers.etag]).toEqual([before.text, before.headers.etag]);
    });

    test('to publish one that is scheduled shows it now; to withdraw it takes its time away', async () => {
      const { id } = await write({ publishAt: inAnHour() });
      expect((await ada.post(`/organizations/:org/posts/${id}/publication`)).expect(200).status).toBe('published');
      expect(await shown()).toEqual(['launch']);
      expect(await published()).toHaveLength(1);

      const second = await write({ slug: 'second', publishAt: inAnHour() });
      (await ada.delete(`/organizations/:org/posts/${second.id}/publication`)).expect(204);
      house.clock.advance(2 * HOUR);
      await house.app.get(PostsService, { strict: false }).announceDue();
      expect(await shown()).toEqual(['launch']);
      expect(await published()).toHaveLength(1);
    });
  });

  describe('the public list', () => {
    test('comes in the order of appearance, in pages, each post on one of them', async () => {
      for (const [name, year] of [
        ['newest', 2024],
        ['oldest', 2020],
        ['middle', 2022],
      ])
        await write({ slug: name, publishAt: `${year}-01-01T00:00:00Z` });
      await write({ slug: 'draft' });

      expect(await shown()).toEqual(['newest', 'middle', 'oldest']);
      const first = (await publicly('posts?limit=2')).expect(200);
      const second = (await publicly(`posts?limit=2&cursor=${first.nextCursor}`)).expect(200);
      expect([...first.data, ...second.data].map((post) => post.slug)).toEqual(['newest', 'middle', 'oldest']);
      expect(second.nextCursor).toBeNull();
      expect(first.data[0]).toMatchObject({ excerpt: 'It flies.', tags: ['rockets', 'news'] });
      expect(first.data[0]).not.toHaveProperty('bodyHtml');
    });

    test('goes on where it was, even when the last post of a page is withdrawn meanwhile', async () => {
      const ids: string[] = [];
      for (const name of ['a', 'b', 'c'])
        ids.push((await write({ slug: name, publishAt: `202${ids.length}-01-01T00:00:00Z` })).id);
      const { nextCursor } = (await publicly('posts?limit=1')).expect(200);
      (await ada.delete(`/organizations/:org/posts/${ids[2]}/publication`)).expect(204);
      expect(await shown(`?cursor=${nextCursor}`)).toEqual(['b', 'a']);
    });

    test('can be of one language, and is 304 to whoever has it', async () => {
      await write({ publishAt: '2024-01-01T00:00:00Z' });
      await write({ slug: 'start', locale: 'de', publishAt: '2024-01-01T00:00:00Z' });
      expect(await shown('?locale=de')).toEqual(['start']);
      (await publicly('posts?locale=!')).problem(422, 'validation-failed');

      const { headers } = await publicly('posts');
      expect((await publicly('posts', { 'if-none-match': String(headers.etag) })).status).toBe(304);
    });
  });

  describe('the feed', () => {
    const ATOM = 'http://www.w3.org/2005/Atom';
    const feed = async (query = ''): Promise<Xml> => readXml((await publicly(`feed.xml${query}`)).expect(200));
    const all = ({ elements }: Xml, name: string) => elements.filter((element) => element.name === name);
    const textOf = (element: Xml, name: string) => {
      const found = all(element, name);
      expect([name, found.length]).toEqual([name, 1]);
      return found[0]!.text;
    };
    const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

    test('has all that RFC 4287 asks for', async () => {
      const name = `R&D <"rockets"> 'ü'`;
      (await ada.put('/organizations/:org', { name })).expect(200);
      const seo = { canonicalUrl: 'https://acme.example/launch?a=1&b=2' };
      const { id } = await write({ seo, publishAt: '2024-01-01T00:00:00Z', title: 'A < B && "C"' });
      const answer = await publicly('feed.xml');
      expect(answer.headers['content-type']).toBe('application/atom+xml; charset=utf-8');
      expect(answer.headers['cache-control']).toContain('public');

      const root = await feed();
      expect([root.name, root.attributes.xmlns]).toEqual(['feed', ATOM]);
      expect(textOf(root, 'id')).toBe(`urn:uuid:${ada.organizationId}`);
      expect(textOf(root, 'title')).toBe(name);
      expect(all(root, 'author').map((author) => textOf(author, 'name'))).toEqual([name]);
      expect(textOf(root, 'updated')).toMatch(RFC3339);
      expect(all(root, 'link').map(({ attributes }) => attributes)).toEqual([
        { rel: 'self', type: 'application/atom+xml', href: `https://app.example/public/${slug}/feed.xml` },
      ]);

      const [entry] = all(root, 'entry');
      expect(textOf(entry!, 'id')).toBe(`urn:uuid:${id}`);
      expect(textOf(entry!, 'title')).toBe('A < B && "C"');
      expect(textOf(entry!, 'published')).toBe('2024-01-01T00:00:00.000Z');
      expect(textOf(entry!, 'updated')).toBe(textOf(root, 'updated'));
      expect(textOf(entry!, 'summary')).toBe('It flies.');
      expect(textOf(entry!, 'content')).toBe('<p>It <em>flies</em>.</p>\n');
      expect(all(entry!, 'content')[0]!.attributes).toEqual({ type: 'html' });
      expect(all(entry!, 'link')[0]!.attributes.href).toBe(seo.canonicalUrl);
      expect(all(entry!, 'category').map(({ attributes }) => attributes.term)).toEqual(['rockets', 'news']);
    });

    test('holds the published alone, newest first, and has a date without any', async () => {
      expect(textOf(await feed(), 'updated')).toMatch(RFC3339);
      await write({ slug: 'draft' });
      for (const year of [2023, 2024, 2022])
        await write({ slug: `in-${year}`, title: String(year), publishAt: `${year}-01-01T00:00:00Z` });
      await write({ slug: 'later', publishAt: '9000-01-01T00:00:00Z' });
      expect(all(await feed(), 'entry').map((entry) => textOf(entry, 'title'))).toEqual(['2024', '2023', '2022']);
    });

    test('holds the newest posts that are not too long together, and the newest however long it is', async () => {
      const titles = async () => all(await feed(), 'entry').map((entry) => textOf(entry, 'title'));
      const long = (title: string, year: number) =>
        write({ slug: `in-${year}`, title, body: '<'.repeat(80_000), publishAt: `${year}-01-01T00:00:00Z` });
      await write({ title: 'short', publishAt: '2020-01-01T00:00:00Z' });
      await long('long', 2021);
      expect(await titles()).toEqual(['long', 'short']);
      await long('another', 2022);
      expect(await titles()).toEqual(['another']);
    });

    test('is well-formed whatever was written', async () => {
      const odd = ']]> &amp; \u0001\u0008\u000b\u001f \ufffe\uffff 🚀 \u2028 <?xml?> <!-- -->';
      await write({ body: odd, excerpt: odd, tags: ['a"b<c>&'], publishAt: '2024-01-01T00:00:00Z' });
      const [entry] = all(await feed(), 'entry');
      expect(textOf(entry!, 'summary')).toContain('🚀');
      expect(all(entry!, 'category')[0]!.attributes.term).toBe('a"b<c>&');
    });

    test('of one language is a feed of its own', async () => {
      await write({ publishAt: '2024-01-01T00:00:00Z' });
      await write({ slug: 'start', locale: 'de', title: 'Start', publishAt: '2024-01-01T00:00:00Z' });
      const [every, german] = [await feed(), await feed('?locale=de')];
      expect(all(german, 'entry').map((entry) => textOf(entry, 'title'))).toEqual(['Start']);
      expect(textOf(german, 'id')).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
      expect(textOf(german, 'id')).not.toBe(textOf(every, 'id'));
      expect(textOf(await feed('?locale=de'), 'id')).toBe(textOf(german, 'id'));
      expect(all(german, 'link')[0]!.attributes.href).toBe(`https://app.example/public/${slug}/feed.xml?locale=de`);
    });

    test('is 304 to whoever has it, until something appears', async () => {
      const first = await publicly('feed.xml');
      const tag = { 'if-none-match': String(first.headers.etag) };
      expect((await publicly('feed.xml', tag)).status).toBe(304);
      await write({ publishAt: '2024-01-01T00:00:00Z' });
      (await publicly('feed.xml', tag)).expect(200);
    });
  });

  test('are found by a tag of theirs, to the letter, and by their status', async () => {
    const odd = 'a "quoted" \\ tag, [1] 100% Ünï';
    await write({ slug: 'old', tags: ['rockets'], publishAt: '2024-01-01T00:00:00Z' });
    await write({ slug: 'new', tags: ['news', 'rockets'], publishAt: '2024-02-01T00:00:00Z' });
    await write({ slug: 'odd', tags: [odd], publishAt: '2024-03-01T00:00:00Z' });
    await write({ slug: 'draft' });
    await write({ slug: 'soon', publishAt: inAnHour() });
    const slugsOf = ({ data }: { data: { slug: string }[] }) => data.map((post) => post.slug);
    const own = async (query: string) => slugsOf((await ada.get(`/organizations/:org/posts?${query}`)).expect(200));

    expect(await shown('?tag=rockets')).toEqual(['new', 'old']);
    expect(await shown(`?tag=${encodeURIComponent(odd)}`)).toEqual(['odd']);
    for (const near of ['rocket', 'Rockets', 'rockets ', '%', '"rockets"', '["rockets"]', 'ünï'])
      expect([near, await shown(`?tag=${encodeURIComponent(near)}`)]).toEqual([near, []]);
    expect(await shown('?tag=rockets&locale=de')).toEqual([]);
    const first = (await publicly('posts?tag=rockets&limit=1')).expect(200);
    expect(slugsOf(first)).toEqual(['new']);
    expect(await shown(`?tag=rockets&limit=1&cursor=${first.nextCursor}`)).toEqual(['old']);

    expect(await own('status=draft')).toEqual(['draft']);
    expect(await own('status=scheduled')).toEqual(['soon']);
    expect(await own('status=published')).toEqual(['odd', 'new', 'old']);
    expect(await own('tag=rockets')).toEqual(['soon', 'draft', 'new', 'old']);
    expect(await own('tag=rockets&status=published&limit=1')).toEqual(['new']);
    for (const query of ['tag=', 'tag=a&tag=b', 'status=hidden'])
      (await ada.get(`/organizations/:org/posts?${query}`)).problem(422, 'validation-failed');
    const { errors } = (await publicly(`posts?tag=${'x'.repeat(121)}`)).problem(422, 'validation-failed');
    expect(errors[0].pointer).toBe('#/tag');
  });

  test('what appears is announced once to whoever is built on top: at once, or on its day', async () => {
    const heard: object[] = [];
    const subscriptions: any = house.app.get(OutboxHandlers);
    subscriptions.subscribe('post.published', 'Test.hear', async (payload: object) => void heard.push(payload));
    const drained = () => house.mailsTo('nobody@example.com');

    const now = await write();
    (await ada.post(`/organizations/:org/posts/${now.id}/publication`)).expect(200);
    (await ada.post(`/organizations/:org/posts/${now.id}/publication`)).expect(200);
    const later = await write({ slug: 'later', publishAt: inAnHour() });
    await drained();
    expect(heard).toEqual([{ organizationId: ada.organizationId, postId: now.id }]);

    house.clock.advance(HOUR);
    for (let i = 0; i < 2; i++) await house.app.get(PostsService).announceDue();
    await drained();
    expect(heard).toContainEqual({ organizationId: ada.organizationId, postId: later.id });
    expect(heard.filter((one: any) => one.postId === later.id)).toHaveLength(1);
    subscriptions.byTopic.delete('post.published');
  });

  test('nobody can tell what is hidden from what is not there', async () => {
    await write();
    const draft = await publicly('posts/launch');
    sameProblem(draft, await publicly('posts/nothing'));
    for (const path of ['posts', 'posts/launch', 'feed.xml'])
      sameProblem(draft, await house.visitor().get(`/public/no-such-organization/${path}`));
    await house.query("UPDATE organizations SET status = 'suspended' WHERE id = ?", [ada.organizationId]);
    for (const path of ['posts', 'posts/launch', 'feed.xml']) sameProblem(draft, await publicly(path));
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
      ['POST', '', LAUNCH],
      ['GET', '/:post', undefined],
      ['PUT', '/:post', { title: 'Mine' }],
      ['DELETE', '/:post', undefined],
      ['POST', '/:post/publication', undefined],
      ['DELETE', '/:post/publication', undefined],
    ] as const)('%s …/posts%s is closed to outsiders', async (method, path, body) => {
      await refuse(method, `/organizations/:org/posts${path.replace(':post', id)}`, body);
    });

    test('rights over pages are none over posts', async () => {
      const permissions = ['content:read', 'content:write', 'content:publish'];
      (await ada.post('/organizations/:org/roles', { name: 'Editor', permissions })).expect(201);
      const grace = await house.member(ada, 'Editor');
      (await grace.get('/organizations/:org/posts')).problem(403, 'forbidden');
      (await grace.post('/organizations/:org/posts', LAUNCH)).problem(403, 'forbidden');
    });

    test('a writer who may not publish sets no time', async () => {
      (await ada.post('/organizations/:org/roles', { name: 'Writer', permissions: ['blog:write'] })).expect(201);
      const grace = await house.member(ada, 'Writer');
      const publishAt = '2020-01-01T00:00:00Z';
      (await grace.post('/organizations/:org/posts', { ...LAUNCH, slug: 'b', publishAt })).problem(403, 'forbidden');
      (await grace.put(`/organizations/:org/posts/${id}`, { publishAt })).problem(403, 'forbidden');
      (await grace.put(`/organizations/:org/posts/${id}`, { title: 'New' })).expect(200);
    });

    test('a deleted post is gone', async () => {
      (await ada.delete(`/organizations/:org/posts/${id}`)).expect(204);
      (await ada.get(`/organizations/:org/posts/${id}`)).problem(404, 'not-found');
    });

    test('a stale version is not written over', async () => {
      (await ada.put(`/organizations/:org/posts/${id}`, { title: 'a' }, { 'if-match': '"9"' })).problem(
        412,
        'precondition-failed',
      );
    });
  });
});

onInstallations((installation) => {
  test('however many jobs look at once, a post is announced once', async () => {
    const ada = await installation.house.owner();
    const { id } = (await ada.post('/organizations/:org/posts', LAUNCH)).expect(201);
    await installation.house.query('UPDATE blog_posts SET publish_at = created_at WHERE id = ?', [id]);
    const jobs = Array.from({ length: 5 }, () =>
      installation.house.app.get(PostsService, { strict: false }).announceDue(),
    );
    await Promise.all(jobs);
    const { data } = (await ada.get('/organizations/:org/activity-logs?action=post.published')).expect(200);
    expect(data).toHaveLength(1);
  });
});
