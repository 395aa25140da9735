import { House } from '../support/house';
import { seen } from '../support/fresh';
import type { Visitor } from '../support/visitor';

const NOWHERE = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';

describe('sessions', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  const idOf = async (visitor: Visitor): Promise<string> => (await visitor.get('/auth/me')).expect(200).sessionId;
  const isOver = async (visitor: Visitor) => {
    const { refreshToken } = visitor;
    (await visitor.get('/auth/me')).problem(401, 'unauthenticated');
    (await house.visitor().post('/auth/refresh', { refreshToken })).problem(401, 'refresh-invalid');
  };

  test('nobody sees or ends sessions', async () => {
    const nobody = house.visitor();
    const id = await idOf(await house.user());
    (await nobody.get('/auth/me')).problem(401, 'unauthenticated');
    (await nobody.get('/auth/sessions')).problem(401, 'unauthenticated');
    (await nobody.delete('/auth/sessions')).problem(401, 'unauthenticated');
    (await nobody.delete(`/auth/sessions/${id}`)).problem(401, 'unauthenticated');
    (await nobody.post('/auth/logout')).problem(401, 'unauthenticated');
  });

  test('of many who call at once, each is taken for who they are', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => house.user({ verified: false })));
    const callers = Array.from({ length: 100 }, (_, i) => people[i % people.length]!);
    const answers = await Promise.all(callers.map((caller) => caller.get('/auth/me')));
    expect(answers.map((answer) => answer.expect(200).user.email)).toEqual(callers.map(({ user }) => user.email));
  });

  test('a person sees their own, newest first, with device and place, and which one asks', async () => {
    const ada = await house.user();
    await house.user();
    const phone = Object.assign(house.visitor(), { ip: '198.51.100.7', userAgent: 'Phone/1.0' });
    await phone.signIn(ada.user.email);

    const { data, nextCursor } = (await ada.get('/auth/sessions')).expect(200);
    expect(data).toMatchObject([
      { id: await idOf(phone), device: 'Phone/1.0', ip: '198.51.100.7', current: false },
      { id: await idOf(ada), device: ada.userAgent, ip: '127.0.0.1', current: true },
    ]);
    expect(data[0].lastSeenAt).toBe(data[0].createdAt);
    expect(nextCursor).toBeNull();
  });

  test('a refresh says when and from where a session was last seen', async () => {
    const ada = await house.user();
    house.clock.advance(60_000);
    const train = Object.assign(house.visitor(), { ip: '203.0.113.9', userAgent: ada.userAgent });
    const { refreshToken } = ada;
    ada.become((await train.post('/auth/refresh', { refreshToken })).expect(200));

    const [session] = (await ada.get('/auth/sessions')).expect(200).data;
    expect(session.ip).toBe('203.0.113.9');
    expect(Date.parse(session.lastSeenAt) - Date.parse(session.createdAt)).toBeGreaterThanOrEqual(60_000);
  });

  test('the list comes in pages', async () => {
    const ada = await house.user();
    await house.deviceOf(ada);
    const phone = await house.deviceOf(ada);
    const first = (await phone.get('/auth/sessions?limit=2')).expect(200);
    const second = (await phone.get(`/auth/sessions?limit=2&cursor=${first.nextCursor}`)).expect(200);

    expect(first.data.map(({ current }: { current: boolean }) => current)).toEqual([true, false]);
    expect(second).toMatchObject({ data: [{ id: await idOf(ada) }], nextCursor: null });
    for (const query of ['limit=0', 'limit=101', 'limit=-1', 'limit=x', 'cursor=x', 'userId=x']) {
      (await phone.get(`/auth/sessions?${query}`)).problem(422, 'validation-failed');
    }
  });

  test('ending one ends that one, at the next request', async () => {
    const ada = await house.user();
    const [phone, laptop] = [await house.deviceOf(ada), await house.deviceOf(ada)];
    (await ada.delete(`/auth/sessions/${await idOf(phone)}`)).expect(204);

    await isOver(phone);
    (await laptop.get('/auth/me')).expect(200);
    expect((await ada.get('/auth/sessions')).expect(200).data).toHaveLength(2);
    const { data } = (await ada.get('/users/me/activity-logs?action=session.ended')).expect(200);
    expect(data).toHaveLength(1);
  });

  test('of another person’s session one learns as much as of none', async () => {
    const [ada, mallory] = [await house.user(), await house.user()];
    const foreign = await mallory.delete(`/auth/sessions/${await idOf(ada)}`);
    foreign.problem(404, 'not-found');
    for (const id of [NOWHERE, 'me', "1'--"]) {
      expect(seen(await mallory.delete(`/auth/sessions/${id}`))).toEqual(seen(foreign));
    }
    (await ada.get('/auth/me')).expect(200);
  });

  test('one that was ended cannot be ended again', async () => {
    const ada = await house.user();
    const id = await idOf(await house.deviceOf(ada));
    (await ada.delete(`/auth/sessions/${id}`)).expect(204);
    (await ada.delete(`/auth/sessions/${id}`)).problem(404, 'not-found');
  });

  test('ending the others leaves the one that asks, and everyone else’s', async () => {
    const [ada, grace] = [await house.user(), await house.user()];
    const [phone, laptop] = [await house.deviceOf(ada), await house.deviceOf(ada)];
    (await phone.delete('/auth/sessions')).expect(204);

    await isOver(ada);
    await isOver(laptop);
    (await phone.get('/auth/me')).expect(200);
    (await grace.get('/auth/me')).expect(200);
  });

  test('logging out ends this session only', async () => {
    const ada = await house.user();
    const phone = await house.deviceOf(ada);
    (await phone.post('/auth/logout')).expect(204);

    await isOver(phone);
    (await ada.get('/auth/me')).expect(200);
    (await phone.post('/auth/logout')).problem(401, 'unauthenticated');
  });

  test('sessions that are over are not listed', async () => {
    const ada = await house.user();
    house.clock.advance(31 * 24 * 3600_000);
    const phone = await house.deviceOf(ada);
    const { data } = (await phone.get('/auth/sessions')).expect(200);
    expect(data).toMatchObject([{ current: true }]);
  });
});
