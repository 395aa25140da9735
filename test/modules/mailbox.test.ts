import { newId } from '../../src/kit/id';
import { Mailbox } from '../../src/mail/mailbox';
import { House } from '../support/house';
import { guestAddress, invite } from '../support/invitations';

const LETTER = { subject: 'Hello', text: 'Hello.', html: '<p>Hello.</p>' };

describe('the development mailbox', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  /** Openapi.yaml does not name it: it is no part of the product. */
  const look = (query = '', accept = 'application/json') =>
    house.visitor().call('GET', `/dev/mailbox${query}`, { headers: { accept }, contract: false });

  const mailTo = async (email: string, owner = house.owner()) => invite(house, await owner, email);

  test('shows a script the mails to an address as JSON, newest first', async () => {
    const email = guestAddress();
    const first = await mailTo(email);
    const second = await mailTo(email);

    const answer = await look(`?to=${encodeURIComponent(email)}`);
    const { data } = answer.expect(200);
    expect(answer.type).toBe('application/json');
    expect(data.map(({ links }: { links: string[] }) => links.join())).toEqual(
      [second, first].map(({ token }) => expect.stringContaining(token)),
    );
    expect(data[0]).toEqual({
      id: expect.any(String),
      to: email,
      subject: expect.stringContaining('invites you to join'),
      text: expect.stringContaining(second.token),
      html: expect.stringContaining(second.token),
      links: [expect.stringMatching(/^http:\/\/.*\/links\/invite#token=/)],
      createdAt: expect.any(String),
    });
  });

  test('two mails that overtook each other stand in the order in which they were written', async () => {
    const to = guestAddress();
    const [first, second] = [newId(), newId()];
    for (const id of [second, first]) await house.app.get(Mailbox, { strict: false }).send({ ...LETTER, id, to });
    const { data } = (await look(`?to=${encodeURIComponent(to)}`)).expect(200);
    expect(data.map(({ id }: { id: string }) => id)).toEqual([second, first]);
  });

  test('filters by the whole address, in any case; an empty filter is none', async () => {
    const [one, two] = [guestAddress(), guestAddress()];
    await mailTo(one);
    await mailTo(two);

    const to = async (query: string): Promise<string[]> =>
      (await look(query)).expect(200).data.map((mail: { to: string }) => mail.to);
    expect(await to(`?to=${one.toUpperCase()}`)).toEqual([one]);
    expect(await to(`?to=${one.slice(0, -1)}`)).toEqual([]);
    expect((await to('')).slice(0, 2)).toEqual(expect.arrayContaining([expect.stringContaining('@')]));
    for (const all of ['', '?to=', '?to=%20']) expect(await to(all)).toEqual(expect.arrayContaining([one, two]));
  });

  test.each(['?to=a&to=b', '?to[]=a', `?to=${'a'.repeat(255)}`, '?from=a'])('refuses %s', async (query) => {
    (await look(query)).problem(422, 'validation-failed');
  });

  test('shows a browser a page with the mail in it, on which nothing can run', async () => {
    const email = guestAddress();
    const owner = await house.owner({ name: `Ada <script>alert("1")</script>` });
    const { token } = await mailTo(email, Promise.resolve(owner));

    const answer = await look(`?to=${email}`, 'text/html,application/xhtml+xml');
    const page = String(answer.expect(200));
    expect(answer.type).toBe('text/html');
    expect(page).toContain(email);
    expect(page).toContain(token);
    expect(page).not.toContain('<script');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    expect(answer.headers['content-security-policy']).not.toContain('script-src');
    expect(answer.headers.vary).toBe('Accept');
  });

  test('says so when there is nothing', async () => {
    expect((await look('?to=nobody@example.com')).expect(200)).toEqual({ data: [] });
    expect(String((await look('?to=nobody@example.com', 'text/html')).expect(200))).toContain(
      'No mail to nobody@example.com',
    );
  });
});

test('the development mailbox is gone when mail leaves the machine', async () => {
  const house = await House.open({ SMTP_URL: 'smtp://127.0.0.1:9' });
  const answers = [
    await house.visitor().call('GET', '/dev/mailbox', { contract: false }),
    await house
      .visitor()
      .call('GET', '/dev/mailbox?to=ada@example.com', { headers: { accept: 'text/html' }, contract: false }),
  ];
  await house.close();
  for (const answer of answers) answer.problem(404, 'not-found');
});
