import type { Caller } from '../../src/access/caller';
import { fromNow, HOUR } from '../../src/kit/clock';
import { newId, newIdAt } from '../../src/kit/id';
import { inRequest } from '../../src/kit/request-context';
import { NotificationsRepository } from '../../src/modules/messaging/notifications/notifications.repository';
import { StreamsService } from '../../src/modules/messaging/notifications/streams.service';
import { SessionsService } from '../../src/modules/auth/sessions/sessions.service';
import { Ear } from '../support/ear';
import { testOnServers } from '../support/engines';
import { eventually } from '../support/eventually';
import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe('the stream of notifications', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
    await house.app.listen(0, '127.0.0.1');
  });
  afterAll(() => house.close());

  /** Someone new in the organization, of whom its Owner is told. */
  const newcomer = (owner: Visitor, in_ = house) => in_.member(owner);
  const titles = (ear: Ear) => ear.events.map(({ data }) => data.title);

  test('tells what happens as it happens, in the shape of the list', async () => {
    const owner = await house.owner();
    const ear = await Ear.open(house, owner);
    expect(ear.status).toBe(200);
    expect(ear.header('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(ear.header('cache-control')).toBe('no-store');

    const [grace, alan] = [await newcomer(owner), await newcomer(owner)];
    await ear.event(1);
    const { data } = (await owner.get('/notifications')).expect(200);
    expect(ear.events).toEqual(
      [...data].reverse().map((told: { id: string }) => ({ id: told.id, event: 'notification', data: told })),
    );
    expect(titles(ear).map((title) => title.split(' joined')[0])).toEqual([grace.user.name, alan.user.name]);
    ear.hangUp();
  });

  test('goes on after the last that was seen, and misses none in between', async () => {
    const owner = await house.owner();
    const first = await Ear.open(house, owner);
    await newcomer(owner);
    const { id } = await first.event(0);
    first.hangUp();
    await newcomer(owner);
    await newcomer(owner);
    await house.mailsTo(owner.user.email);

    const second = await Ear.open(house, owner, { 'Last-Event-ID': id });
    await second.event(1);
    await newcomer(owner);
    await second.event(2);
    const { data } = (await owner.get('/notifications')).expect(200);
    expect([id, ...second.events.map((event) => event.id)]).toEqual(
      data.map((told: { id: string }) => told.id).reverse(),
    );
    second.hangUp();
  });

  test('says first where it begins: who loses it before the first event, or comes as the very first, misses none', async () => {
    for (const owner of [await house.owner(), await house.owner()]) {
      const lost = await Ear.open(house, owner);
      await lost.comment('welcome');
      lost.hangUp();
      const { user } = await newcomer(owner);
      await house.mailsTo(owner.user.email);

      const again = await Ear.open(house, owner, { 'Last-Event-ID': lost.lastId! });
      expect((await again.event(0)).data.params.person).toBe(user.name);
      again.hangUp();
    }
  });

  test('begins now when nothing, or nothing sensible, was seen', async () => {
    const owner = await house.owner();
    await newcomer(owner);
    await house.mailsTo(owner.user.email);
    const ears = [await Ear.open(house, owner), await Ear.open(house, owner, { 'last-event-id': "' OR 1=1" })];
    const grace = await newcomer(owner);
    for (const ear of ears) {
      expect((await ear.event(0)).data.params.person).toBe(grace.user.name);
      ear.hangUp();
    }
  });

  test('tells everyone what is theirs, and all their devices', async () => {
    const [ada, eve] = [await house.owner(), await house.owner()];
    const ears = [await Ear.open(house, ada), await Ear.open(house, await house.deviceOf(ada))];
    const other = await Ear.open(house, eve);
    const [grace, mallory] = [await newcomer(ada), await newcomer(eve)];
    await Promise.all([...ears, other].map((ear) => ear.event(0)));

    for (const ear of ears) expect(ear.events.map(({ data }) => data.params.person)).toEqual([grace.user.name]);
    expect(other.events.map(({ data }) => data.params.person)).toEqual([mallory.user.name]);
    [...ears, other].forEach((ear) => ear.hangUp());
  });

  testOnServers('tells what happened at another instance', async () => {
    const owner = await house.owner();
    const ear = await Ear.open(house, owner);
    const elsewhere = await House.open();
    const person = await elsewhere.user();
    const there = Object.assign(elsewhere.visitor(), {
      accessToken: owner.accessToken,
      organizationId: owner.organizationId,
    });
    (await there.post('/organizations/:org/invites', { email: person.user.email, role: 'Member' })).expect(201);
    await person.join(await elsewhere.tokenFor(person.user.email, 'invite'));
    expect((await ear.event(0)).data.params.person).toBe(person.user.name);
    ear.hangUp();
    await elsewhere.close();
  });

  test('tells nothing more to a session that was ended, and ends', async () => {
    const owner = await house.owner();
    const phone = await house.deviceOf(owner);
    const [ear, lost] = [await Ear.open(house, owner), await Ear.open(house, phone)];
    (await phone.post('/auth/logout')).expect(204);
    await newcomer(owner);
    await lost.ended;
    expect(lost.events).toEqual([]);
    await ear.event(0);
    ear.hangUp();
  });

  test('ends within a minute of the session, when there is nothing to tell as well', async () => {
    const ada = await house.owner();
    const ear = await Ear.open(house, ada);
    (await ada.post('/auth/logout')).expect(204);
    house.clock.advance(MINUTE);
    await ear.ended;
  });

  test('ends with the account', async () => {
    const ada = await house.owner();
    const ear = await Ear.open(house, ada);
    await house.query("UPDATE users SET status = 'suspended' WHERE id = ?", [ada.user.id]);
    house.clock.advance(MINUTE);
    await ear.ended;
  });

  test('ends when the access token expires; a fresh one goes on', async () => {
    const ada = await house.owner();
    const ear = await Ear.open(house, ada);
    house.clock.advance(15 * MINUTE);
    await ear.ended;
    expect((await Ear.open(house, ada)).status).toBe(401);
    ada.become((await ada.post('/auth/refresh', { refreshToken: ada.refreshToken })).expect(200));
    const again = await Ear.open(house, ada);
    expect(again.status).toBe(200);
    again.hangUp();
  });

  test('says now and then that it is still there', async () => {
    const ear = await Ear.open(house, await house.owner());
    await ear.comment('welcome');
    house.clock.advance(15 * SECOND);
    await ear.comment('still here');
    ear.hangUp();
  });

  test('is open ten times at most; who leaves makes room', async () => {
    const owner = await house.owner();
    const ears: Ear[] = [];
    for (let i = 0; i < 10; i++) ears.push(await Ear.open(house, owner));
    (await owner.get('/notifications/stream')).problem(429, 'too-many-streams');
    expect((await Ear.open(house, await house.owner())).status).toBe(200);

    ears[0]!.hangUp();
    const isThereRoom = async () => (await owner.get('/notifications/stream')).status === 200;
    expect(await eventually(isThereRoom)).toBe(true); // the server hears of it in its own time
    ears.forEach((ear) => ear.hangUp());
  });

  describe('among thousands', () => {
    /** People with nothing to hear and no session that lives, each with a stream. */
    async function crowd(streams: StreamsService, count: number): Promise<void> {
      const validUntil = fromNow(HOUR);
      for (let i = 0; i < count; i++)
        await streams.open({ userId: newId(), sessionId: newId(), validUntil } as Caller, newId());
    }

    test('tells each what is theirs, and ends those whose session is over', async () => {
      const full = await House.open({ MAX_STREAMS_PER_NETWORK: '5000' });
      await full.app.listen(0, '127.0.0.1');
      await crowd(full.app.get(StreamsService), 4000);
      const [ada, eve] = [await full.owner(), await full.owner()];
      const [ear, lost] = [await Ear.open(full, ada), await Ear.open(full, eve)];
      await newcomer(ada, full);
      expect((await ear.event(0)).data.type).toBe('member.joined');

      (await eve.post('/auth/logout')).expect(204);
      full.clock.advance(MINUTE);
      await lost.ended;
      await newcomer(ada, full);
      await ear.event(1);
      ear.hangUp();
      await full.close();
    });

    test('one who has missed much hears all of it, once; others hear theirs meanwhile', async () => {
      const [ada, eve] = [await house.owner(), await house.owner()];
      await newcomer(eve);
      await house.settled();
      const [{ id }] = await house.query('SELECT id FROM notifications WHERE user_id = ?', [eve.user.id]);
      const more = 'user_id, type, params, created_at, updated_at, version';
      for (let i = 0; i < 600; i++)
        await house.query(
          `INSERT INTO notifications (id, message_id, ${more}) SELECT ?, ?, ${more} FROM notifications WHERE id = ?`,
          [newId(), newId(), id],
        );

      const behind = await Ear.open(house, eve, { 'Last-Event-ID': id });
      const ear = await Ear.open(house, ada);
      await newcomer(ada);
      await Promise.all([ear.event(0), behind.event(599)]);
      expect(new Set(behind.events.map((event) => event.id)).size).toBe(600);
      [behind, ear].forEach((one) => one.hangUp());
    });
  });

  describe('while the database cannot say what is new', () => {
    const failing = () => Promise.reject(new Error('Expression tree is too large'));

    test('ends with the session all the same', async () => {
      const ada = await house.owner();
      const ear = await Ear.open(house, ada);
      const look = jest.spyOn(house.app.get(NotificationsRepository), 'readersOfNews').mockImplementation(failing);
      (await ada.post('/auth/logout')).expect(204);
      house.clock.advance(MINUTE);
      await ear.ended;
      look.mockRestore();
    });

    test('nor which sessions have ended, tells nothing and ends within two minutes; a new one goes on', async () => {
      const ada = await house.owner();
      const ear = await Ear.open(house, ada);
      const check = jest.spyOn(house.app.get(SessionsService), 'liveAmong').mockImplementation(failing);
      await newcomer(ada);
      house.clock.advance(2 * MINUTE);
      await ear.ended;
      expect(ear.events).toEqual([]);
      check.mockRestore();

      const again = await Ear.open(house, ada, { 'last-event-id': newIdAt(new Date(0)) });
      expect((await again.event(0)).data.type).toBe('member.joined');
      again.hangUp();
    });
  });

  test('is open as often as a network and an instance may, and who is refused learns when to come again', async () => {
    const small = await House.open({ MAX_STREAMS: '3', MAX_STREAMS_PER_NETWORK: '2' });
    await small.app.listen(0, '127.0.0.1');
    const people = [await small.owner(), await small.owner(), await small.owner()];
    const ears = [await Ear.open(small, people[0]!), await Ear.open(small, people[1]!)];
    const refused = await people[2]!.get('/notifications/stream');
    refused.problem(429, 'too-many-streams-here');
    expect(refused.headers['retry-after']).toBe('30');

    const [there, further] = [people[2]!, await small.owner()];
    there.ip = '198.51.100.1';
    further.ip = '203.0.113.1';
    const held = small.app.get(StreamsService);
    await inRequest({ requestId: '', ip: there.ip, userAgent: '' }, () =>
      held.open({ userId: there.user.id, sessionId: newId(), validUntil: fromNow(HOUR) } as Caller),
    );
    const full = await further.get('/notifications/stream');
    full.problem(503, 'unavailable');
    expect(full.headers['retry-after']).toBe('30');
    ears.forEach((ear) => ear.hangUp());
    await small.close();
  });

  test('ends when the instance stops, which does not wait for it', async () => {
    const stopping = await House.open();
    await stopping.app.listen(0, '127.0.0.1');
    const ear = await Ear.open(stopping, await stopping.owner());
    await stopping.close();
    await ear.ended;
  });
});
