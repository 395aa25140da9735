import { House } from '../support/house';
import { outsidersOf } from '../support/outsiders';
import type { Visitor } from '../support/visitor';

const LOGS = '/organizations/:org/activity-logs';

describe('the activity log', () => {
  let house: House;
  let owner: Visitor;
  let admin: Visitor;
  let roleId: string;

  beforeAll(async () => {
    house = await House.open();
    owner = await house.owner();
    admin = await house.member(owner, 'Admin');
    roleId = (await admin.post('/organizations/:org/roles', { name: 'Guide', permissions: [] })).expect(201).id;
    (await owner.put(`/organizations/:org/roles/${roleId}`, { name: 'Scout' })).expect(200);
    (await owner.put('/organizations/:org', { name: 'Renamed' })).expect(200);
  });
  afterAll(() => house.close());

  const actions = async (query = '', path = LOGS, visitor = owner): Promise<string[]> =>
    (await visitor.get(path + query)).expect(200).data.map(({ action }: { action: string }) => action);

  const ALL = [
    'organization.updated',
    'role.updated',
    'role.created',
    'invite.accepted',
    'invite.created',
    'organization.created',
  ];

  test('is for members with the right', async () => {
    const own = await house.owner();
    const refuses = await outsidersOf(house, own);
    await refuses('GET', LOGS);
    (await (await house.member(own)).get(LOGS)).problem(403, 'forbidden');
    (await (await house.member(own, 'Admin')).get(LOGS)).expect(200);
  });

  test('of an organization tells all that happened in it and nothing else, newest first', async () => {
    await house.owner();
    expect(await actions()).toEqual(ALL);
    const { data } = (await owner.get(`${LOGS}?limit=1`)).expect(200);
    expect(data).toEqual([
      {
        id: expect.any(String),
        action: 'organization.updated',
        actorId: owner.user.id,
        targetType: 'organization',
        targetId: owner.organizationId,
        organizationId: owner.organizationId,
        ip: owner.ip,
        userAgent: owner.userAgent,
        requestId: expect.any(String),
        createdAt: expect.any(String),
      },
    ]);
  });

  test('comes in pages, each line on one of them', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { data, nextCursor }: any = (await owner.get(`${LOGS}?limit=4${cursor && `&cursor=${cursor}`}`)).expect(
        200,
      );
      seen.push(...data.map(({ action }: { action: string }) => action));
      cursor = nextCursor;
    }
    expect(seen).toEqual(ALL);
  });

  test('can be asked for one actor, one action, one target, or all of these', async () => {
    const { id } = admin.user;
    expect(await actions(`?actor=${id}`)).toEqual(['role.created', 'invite.accepted']);
    expect(await actions('?action=role.updated')).toEqual(['role.updated']);
    expect(await actions(`?target=${roleId}`)).toEqual(['role.updated', 'role.created']);
    expect(await actions(`?target=${roleId}&actor=${id}&action=role.created`)).toEqual(['role.created']);
    expect(await actions(`?target=${roleId}&actor=${id}&action=role.updated`)).toEqual([]);
  });

  test('can be asked for a span of time: from this moment on, and before that one', async () => {
    const { data } = (await owner.get(LOGS)).expect(200);
    const at = (action: string): string => data.find((line: { action: string }) => line.action === action).createdAt;
    const span = (query: Record<string, string>) => actions(`?${new URLSearchParams(query).toString()}`);

    const [past, future] = ['2020-01-01T00:00:00Z', '2100-01-01T00:00:00Z'];
    expect(await span({ from: past, to: future })).toEqual(ALL);
    expect(await span({ from: future })).toEqual([]);
    expect(await span({ to: past })).toEqual([]);
    expect(await span({ from: at('invite.created') })).toEqual(ALL.slice(0, -1)); // the person who joined signed up in between
    expect(await span({ to: at('invite.created') })).toEqual(['organization.created']);
    expect(await span({ to: at('invite.created').replace('Z', '+00:00'), actor: admin.user.id })).toEqual([]);
  });

  test('takes a span and a page together', async () => {
    const first = (await owner.get(`${LOGS}?from=2020-01-01T00:00:00Z&limit=2`)).expect(200);
    expect(await actions(`?from=2020-01-01T00:00:00Z&limit=2&cursor=${first.nextCursor}`)).toEqual(ALL.slice(2, 4));
  });

  test.each(['actor=me', 'target=x', 'from=yesterday', 'to=2026-01-01', 'action=', 'limit=0', 'ip=127.0.0.1'])(
    'refuses %s',
    async (query) => {
      (await owner.get(`${LOGS}?${query}`)).problem(422, 'validation-failed');
    },
  );

  test('of a person tells what they did, everywhere, to themselves and to staff', async () => {
    const path = `/users/${admin.user.id}/activity-logs`;
    const support = await house.user();
    await house.promote(support, 'support');
    const mine = [
      'role.created',
      'invite.accepted',
      'user.verified',
      'session.started',
      'organization.created',
      'user.signed-up',
    ];

    expect(await actions('', '/users/me/activity-logs', admin)).toEqual(mine);
    expect(await actions('', path, support)).toEqual(mine);
    expect(await actions('?action=session.started', path, admin)).toEqual(['session.started']);
    (await owner.get(path)).problem(404, 'not-found');
    (await house.visitor().get(path)).problem(401, 'unauthenticated');
  });
});
