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

  test('ends when the instance stops, which does not wait for it', async () => {
    const stopping = await House.open();
    await stopping.app.listen(0, '127.0.0.1');
    const ear = await Ear.open(stopping, await stopping.owner());
    await stopping.close();
    await ear.ended;
  });
});
