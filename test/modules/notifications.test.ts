import { OutboxHandlers } from '../../src/outbox/outbox.handlers';
import { DeadLetters } from '../../src/outbox/dead-letters';
import { Outbox } from '../../src/outbox/outbox';
import { atOnce } from '../support/at-once';
import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

const NOWHERE = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';

describe('notifications', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  /** What someone is told, newest first, once nothing is on its way any more. */
  async function toldTo(person: Visitor, query = ''): Promise<any> {
    await house.mailsTo(person.user.email);
    return (await person.get(`/notifications${query}`)).expect(200);
  }
  const typesOf = async (person: Visitor) => (await toldTo(person)).data.map(({ type }: { type: string }) => type);
  const subjectsTo = async ({ user }: Visitor) => (await house.mailsTo(user.email)).map(({ subject }) => subject);
  const prefer = async (person: Visitor, notifications: object) =>
    (await person.put('/users/me/settings', { notifications })).expect(200);
  const nameOf = async (owner: Visitor) => (await owner.get('/organizations/:org')).expect(200).name;

  /** Someone who was told `count` things: so many people joined. */
  async function wellInformed(count: number): Promise<Visitor> {
    const owner = await house.owner();
    for (let i = 0; i < count; i++) await house.member(owner);
    return owner;
  }

  test('that someone joined is told to the Owners and to whoever sent the invite', async () => {
    const owner = await house.owner();
    const [admin, bystander] = [await house.member(owner, 'Admin'), await house.member(owner)];
    await toldTo(admin);
    const grace = await house.member(admin);

    const organization = await nameOf(owner);
    for (const hearer of [owner, admin]) {
      expect((await toldTo(hearer)).data[0]).toEqual({
        id: expect.any(String),
        type: 'member.joined',
        title: `${grace.user.name} joined ${organization}`,
        body: expect.stringContaining('as Member'),
        params: { organization, person: grace.user.name, role: 'Member' },
        organizationId: owner.organizationId,
        readAt: null,
        createdAt: expect.any(String),
      });
    }
    expect(await typesOf(bystander)).toEqual([]);
    expect(await typesOf(grace)).toEqual([]);
    expect(await subjectsTo(owner)).not.toContain(`${grace.user.name} joined ${organization}`);
  });

  test('an inviter who has left by then hears nothing of it', async () => {
    const owner = await house.owner();
    const [admin, grace] = [await house.member(owner, 'Admin'), await house.member(owner)];
    (await admin.delete('/organizations/:org/members/me')).expect(204);
    const { organizationId } = owner;
    await house.app
      .get(Outbox)
      .add('member.joined', { organizationId, userId: grace.user.id, inviterId: admin.user.id });
    expect(await typesOf(owner)).toHaveLength(3);
    expect(await typesOf(admin)).toEqual([]);
  });

  test('a new role is told to whose it is, unless it is of their own doing', async () => {
    const owner = await house.owner();
    const grace = await house.member(owner);
    const path = `/organizations/:org/members/${grace.user.id}`;
    (await owner.put(path, { role: 'Owner' })).expect(200);
    (await owner.put(path, { role: 'Owner', settings: { a: 1 } })).expect(200); // nothing new in that
    const { data } = await toldTo(grace);
    expect(data).toMatchObject([
      { type: 'member.role-changed', title: `You are Owner of ${await nameOf(owner)} now`, params: { role: 'Owner' } },
    ]);

    (await grace.put('/organizations/:org/members/me', { role: 'Admin' })).expect(200);
    expect(await typesOf(grace)).toHaveLength(1);
  });

  test('a removal is told to who was removed, by mail as well; leaving is not', async () => {
    const owner = await house.owner();
    const [grace, alan] = [await house.member(owner), await house.member(owner)];
    (await owner.delete(`/organizations/:org/members/${grace.user.id}`)).expect(204);
    (await alan.delete('/organizations/:org/members/me')).expect(204);

    const title = `You are no longer a member of ${await nameOf(owner)}`;
    expect((await toldTo(grace)).data).toMatchObject([{ type: 'member.removed', title }]);
    expect(await house.mailTo(grace.user.email)).toMatchObject({
      subject: title,
      text: expect.stringContaining(grace.user.name),
    });
    expect(await typesOf(alan)).toEqual([]);
  });

  test('a suspension is told to the Owners, once', async () => {
    const [owner, staff] = [await house.owner(), await house.user()];
    const member = await house.member(owner);
    await house.settled(); // two things that are told at once are told in any order
    await house.promote(staff);
    const suspend = () => staff.put(`/organizations/${owner.organizationId}`, { status: 'suspended' });
    (await suspend()).expect(200);
    (await suspend()).expect(200);

    expect(await typesOf(owner)).toEqual(['organization.suspended', 'member.joined']);
    const subject = `${await nameOf(owner)} was suspended`;
    expect((await subjectsTo(owner)).filter((one) => one === subject)).toHaveLength(1);
    expect(await typesOf(member)).toEqual([]);
  });

  test('each channel is taken or left, type by type', async () => {
    const owner = await house.owner();
    const [grace, alan] = [await house.member(owner), await house.member(owner)];
    await house.settled(); // what is preferred counts when it is told
    await prefer(grace, { 'member.removed': { inApp: false } });
    await prefer(alan, { 'member.removed': { email: false } });
    await prefer(owner, { 'member.joined': { inApp: false, email: true } });
    for (const { user } of [grace, alan]) (await owner.delete(`/organizations/:org/members/${user.id}`)).expect(204);
    const edsger = await house.member(owner);

    expect(await typesOf(grace)).toEqual([]);
    expect(await subjectsTo(grace)).toContain(`You are no longer a member of ${await nameOf(owner)}`);
    expect(await typesOf(alan)).toEqual(['member.removed']);
    expect(await subjectsTo(alan)).not.toContain(`You are no longer a member of ${await nameOf(owner)}`);
    expect(await typesOf(owner)).toEqual(['member.joined', 'member.joined']); // from before
    expect((await subjectsTo(owner))[0]).toBe(`${edsger.user.name} joined ${await nameOf(owner)}`);
  });

  test('nothing is mailed to a mailbox that nobody has proved', async () => {
    const owner = await house.owner();
    const grace = await house.member(owner);
    await house.query('UPDATE users SET email_verified_at = NULL WHERE id = ?', [grace.user.id]);
    (await owner.delete(`/organizations/:org/members/${grace.user.id}`)).expect(204);
    expect(await typesOf(grace)).toEqual(['member.removed']);
    expect(await subjectsTo(grace)).not.toContain(`You are no longer a member of ${await nameOf(owner)}`);
  });

  test('are marked as read, one by one, for good', async () => {
    const owner = await wellInformed(2);
    const { data, unreadCount } = await toldTo(owner);
    expect(unreadCount).toBe(2);
    const read = async () => (await owner.put(`/notifications/${data[0].id}/read`)).expect(200);
    const { readAt } = await read();
    expect(readAt).not.toBeNull();
    house.clock.advance(1000);
    expect((await read()).readAt).toBe(readAt);

    const rest = await toldTo(owner, '?unread=true');
    expect(rest).toMatchObject({ unreadCount: 1, nextCursor: null });
    expect(rest.data).toEqual([data[1]]);
    expect((await toldTo(owner, '?unread=false')).data).toHaveLength(2);
    const { data: trail } = (await owner.get('/users/me/activity-logs?action=notification.read')).expect(200);
    expect(trail).toMatchObject([{ targetType: 'notification', targetId: data[0].id }]);
  });

  test('are all marked as read, and deleted', async () => {
    const owner = await wellInformed(3);
    await toldTo(owner);
    (await owner.post('/notifications/read-all')).expect(204);
    const { data, unreadCount } = await toldTo(owner);
    expect(unreadCount).toBe(0);
    expect(data.every(({ readAt }: { readAt: string }) => readAt)).toBe(true);

    (await owner.delete(`/notifications/${data[1].id}`)).expect(204);
    (await owner.delete(`/notifications/${data[1].id}`)).problem(404, 'not-found');
    expect((await toldTo(owner)).data).toEqual([data[0], data[2]]);
  });

  test('come in pages, newest first', async () => {
    const owner = await wellInformed(3);
    const all = (await toldTo(owner)).data;
    const first = await toldTo(owner, '?limit=2');
    expect(first.data).toEqual(all.slice(0, 2));
    const second = await toldTo(owner, `?limit=2&cursor=${first.nextCursor}`);
    expect(second).toMatchObject({ data: all.slice(2), nextCursor: null, unreadCount: 3 });
    expect(all.map(({ id }: { id: string }) => id)).toEqual(
      all
        .map(({ id }: { id: string }) => id)
        .sort()
        .reverse(),
    );
    (await owner.get('/notifications?unread=yes')).problem(422, 'validation-failed');
  });

  test('are one’s own: to others they are not there', async () => {
    const [owner, eve] = [await wellInformed(1), await house.user()];
    const [{ id }] = (await toldTo(owner)).data;
    const nobody = house.visitor();
    for (const [method, path] of [
      ['PUT', `/notifications/${id}/read`],
      ['DELETE', `/notifications/${id}`],
    ] as const) {
      (await nobody.call(method, path)).problem(401, 'unauthenticated');
      (await eve.call(method, path)).problem(404, 'not-found');
      (await owner.call(method, path.replace(id, NOWHERE))).problem(404, 'not-found');
    }
    (await nobody.get('/notifications')).problem(401, 'unauthenticated');
    (await nobody.get('/notifications/stream')).problem(401, 'unauthenticated');
    (await nobody.post('/notifications/read-all')).problem(401, 'unauthenticated');
    (await eve.post('/notifications/read-all')).expect(204);
    expect(await toldTo(owner)).toMatchObject({ unreadCount: 1, data: [{ id, readAt: null }] });
  });

  test('a message that is delivered twice, even at once, is told once', async () => {
    const owner = await house.owner();
    const { user, ...grace } = await house.member(owner);
    const deliver = house.app.get(OutboxHandlers).handler('NotificationsReactions.roleChanged')!;
    const [payload, delivery] = [
      { organizationId: owner.organizationId, userId: user.id },
      { id: grace.organizationId, topic: 'member.role-changed', attempts: 1, isLast: false },
    ];
    await atOnce(5, () => deliver(payload, delivery).catch(() => undefined)); // whoever fails is tried again
    await deliver(payload, delivery);
    const rows = await house.query('SELECT id FROM notifications WHERE user_id = ?', [user.id]);
    expect(rows).toHaveLength(1);
  });

  test('a person’s ids grow, whichever clock made the one before', async () => {
    const owner = await wellInformed(1);
    await toldTo(owner);
    const ahead = 'ffff0000-0000-7000-8000-000000000000';
    await house.query('UPDATE notifications SET id = ? WHERE user_id = ?', [ahead, owner.user.id]);
    await house.member(owner);
    const { data } = await toldTo(owner);
    expect(data).toHaveLength(2);
    expect(data[0].id > ahead).toBe(true);
    expect(data[0].title).not.toBe(data[1].title);
  });

  test('what is about someone or something gone by then is not told, and no dead letter is left', async () => {
    const dead = (await house.app.get(DeadLetters).list()).length;
    const owner = await house.owner();
    const ids = { organizationId: NOWHERE, userId: NOWHERE, inviterId: NOWHERE };
    for (const here of [{}, { organizationId: owner.organizationId }, { userId: owner.user.id }])
      for (const topic of ['member.joined', 'member.role-changed', 'member.removed', 'organization.suspended'])
        if (topic !== 'organization.suspended' || !('organizationId' in here))
          await house.app.get(Outbox).add(topic, { ...ids, ...here });
    expect(await typesOf(owner)).toEqual([]);
    const late = await house.query(
      "SELECT topic, last_error FROM outbox_messages WHERE attempts > 0 AND topic LIKE 'member.%'",
    );
    expect(late).toEqual([]);
    expect(await house.app.get(DeadLetters).list()).toHaveLength(dead);
  });

  test('go with the organization, and with the person whom they are about', async () => {
    const owner = await house.owner();
    const [grace, alan] = [await house.member(owner), await house.member(owner)];
    expect((await toldTo(owner)).data).toHaveLength(2);
    (await grace.delete('/users/me')).expect(204);
    expect((await toldTo(owner)).data).toMatchObject([{ params: { person: alan.user.name } }]);
    (await owner.delete('/organizations/:org')).expect(204);
    expect(await toldTo(owner)).toEqual({ data: [], nextCursor: null, unreadCount: 0 });
  });
});
