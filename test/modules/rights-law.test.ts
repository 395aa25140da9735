import { asyncProperty, assert, constantFrom, oneof, record, subarray, uniqueArray } from 'fast-check';
import { FIXED_ROLES, type Permission } from '../../src/access/permissions';
import { clock, HOUR } from '../../src/kit/clock';
import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

const ORG = '/organizations/:org';
const FEW: Permission[] = ['members:update', 'members:remove', 'roles:write', 'members:read', 'blog:read'];
const CUSTOM = ['Red', 'Green', 'Blue'] as const;
const GOOD = Infinity;
const [start, PEOPLE] = [clock.now().getTime(), ['caller', 'other', 'third'] as const];
const SOON = start + 24 * HOUR;
const ENDS = [SOON, SOON + HOUR, GOOD];

type Who = (typeof PEOPLE)[number];
type Extra = { role: string; until: number };
type Person = { role: string; extras: Extra[]; status: string };
type World = { roles: Record<string, Permission[]>; people: Record<Who, Person> };
type Deed =
  | { kind: 'change'; who: Who; role?: string; extras?: Extra[]; status?: string }
  | { kind: 'remove'; who: Who }
  | { kind: 'edit'; role: string; permissions: Permission[] }
  | { kind: 'delete'; role: string; heir: string };

const roleName = constantFrom<string>(...CUSTOM, ...CUSTOM, 'Owner', 'Admin', 'Member');
const permissions = subarray(FEW);
const extras = uniqueArray(record({ role: roleName, until: constantFrom(...ENDS) }), {
  maxLength: 2,
  selector: ({ role }) => role,
});
const status = constantFrom('active', 'active', 'active', 'suspended');
const person = record({ role: roleName, extras, status });
const world = record({
  roles: record({ Red: permissions, Green: permissions, Blue: permissions }),
  people: record({
    caller: record({ role: roleName, extras, status: constantFrom('active') }),
    other: person,
    third: person,
  }),
});
const who = constantFrom(...PEOPLE);
const deed = oneof(
  record(
    { kind: constantFrom('change' as const), who, role: roleName, extras, status },
    { requiredKeys: ['kind', 'who'] },
  ),
  record({ kind: constantFrom('remove' as const), who }),
  record({ kind: constantFrom('edit' as const), role: constantFrom(...CUSTOM), permissions }),
  record({ kind: constantFrom('delete' as const), role: constantFrom(...CUSTOM), heir: roleName }),
);

/** Until when each right is held: the rule of decision 27, told by the API's own words alone. */
function endsOf({ roles }: World, { role, extras: more }: Person): Map<string, number> {
  const ends = new Map<string, number>();
  for (const { role: name, until } of [{ role, until: GOOD }, ...more])
    for (const right of roles[name]!) ends.set(right, Math.max(ends.get(right) ?? 0, until));
  return ends;
}

type Judge = {
  has(right: string): boolean;
  gives(rights: string[], until: number): boolean;
  isAbove(whom: Who): boolean;
};

function mayChange(
  { roles, people }: World,
  { who: whom, ...what }: Deed & { kind: 'change' },
  caller: Judge,
): boolean {
  const { role, extras: before } = people[whom];
  const isKept = ({ role: name, until }: Extra) => before.some((one) => one.role === name && one.until >= until);
  const given = what.extras?.filter((extra) => !isKept(extra)) ?? [];
  if (what.role !== undefined && what.role !== role) given.push({ role: what.role, until: GOOD });
  const givesAll = given.every((extra) => caller.gives(roles[extra.role]!, extra.until));
  return caller.has('members:update') && caller.isAbove(whom) && givesAll;
}

function mayWrite({ roles, people }: World, what: Deed & { kind: 'edit' | 'delete' }, caller: Judge): boolean {
  const before = roles[what.role]!;
  const holders = PEOPLE.filter((one) => {
    const { role, extras: more } = people[one];
    return role === what.role || more.some((extra) => extra.role === what.role);
  });
  if (!caller.has('roles:write') || !holders.every(caller.isAbove) || !caller.gives(before, 0)) return false;
  if (what.kind === 'delete') return caller.gives(roles[what.heir]!, GOOD);
  const added = what.permissions.filter((right) => !before.includes(right));
  return caller.gives(what.permissions, 0) && (holders.length === 0 || caller.gives(added, GOOD));
}

function isAllowed(now: World, what: Deed): boolean {
  const mine = endsOf(now, now.people.caller);
  const has = (right: string) => mine.has(right);
  const gives = (rights: string[], until: number) => rights.every((right) => (mine.get(right) ?? -1) >= until);
  const isAbove = (whom: Who) => whom === 'caller' || [...endsOf(now, now.people[whom]).keys()].every(has);
  const caller = { has, gives, isAbove };
  if (what.kind === 'remove') return what.who === 'caller' || (has('members:remove') && isAbove(what.who));
  return what.kind === 'change' ? mayChange(now, what, caller) : mayWrite(now, what, caller);
}

describe('whatever is changed by whom', () => {
  let house: House;
  let owner: Visitor;
  const people = {} as Record<Who, Visitor>;

  beforeAll(async () => {
    house = await House.open({ ACCESS_TOKEN_TTL: '24h' });
    owner = await house.owner();
    for (const name of PEOPLE) people[name] = await house.member(owner);
  });
  afterAll(() => house.close());

  const pathOf = (name: Who) => `${ORG}/members/${people[name].user.id}`;
  const shown = (more: Extra[]) =>
    more.map(({ role, until }) => ({ role, expiresAt: until === GOOD ? null : new Date(until).toISOString() }));
  const rolePath = async (name: string) => {
    const { data } = (await owner.get(`${ORG}/roles`)).expect(200);
    const found = data.find((role: { name: string }) => role.name === name);
    return found && `${ORG}/roles/${found.id}`;
  };

  async function build({ roles, people: places }: World): Promise<void> {
    for (const name of CUSTOM) {
      const path = await rolePath(name);
      const body = { name, permissions: roles[name] };
      (await (path ? owner.put(path, body) : owner.post(`${ORG}/roles`, body))).expect(path ? 200 : 201);
    }
    for (const name of PEOPLE) {
      const { role, extras: more, status: is } = places[name];
      if ((await owner.get(pathOf(name))).status === 404) {
        (await owner.post(`${ORG}/invites`, { email: people[name].user.email, role: 'Member' })).expect(201);
        await people[name].join(await house.tokenFor(people[name].user.email, 'invite'));
      }
      (await owner.put(pathOf(name), { role, extraRoles: shown(more), status: is })).expect(200);
    }
  }

  async function act(what: Deed) {
    const { caller } = people;
    if (what.kind === 'remove') return caller.delete(pathOf(what.who));
    if (what.kind === 'delete') return caller.delete(`${await rolePath(what.role)}?reassignTo=${what.heir}`);
    if (what.kind === 'edit') return caller.put((await rolePath(what.role))!, { permissions: what.permissions });
    const { who: whom, role, extras: more, status: is } = what;
    return caller.put(pathOf(whom), { role, status: is, ...(more && { extraRoles: shown(more) }) });
  }

  async function look(): Promise<World> {
    const { data: roles } = (await owner.get(`${ORG}/roles`)).expect(200);
    const found = {} as World['people'];
    for (const name of PEOPLE) {
      const { status: code, body } = await owner.get(pathOf(name));
      const more = code === 200 ? body.extraRoles : [];
      found[name] = {
        role: body.role ?? 'None',
        status: body.status,
        extras: more.map(({ role, expiresAt }: any) => ({ role, until: expiresAt ? Date.parse(expiresAt) : GOOD })),
      };
    }
    const named = roles.map(({ name, permissions: granted }: any) => [name, granted]);
    return { roles: { ...Object.fromEntries(named), None: [] }, people: found };
  }

  test('nobody acts on somebody who holds more, and no right lasts longer than it did for them or the caller', async () => {
    await assert(
      asyncProperty(world, deed, async (plan, what) => {
        const before = { ...plan, roles: { ...plan.roles, ...(FIXED_ROLES as unknown as World['roles']) } };
        await build(plan);
        const answer = await act(what);
        const after = await look();

        const isSame = what.kind === 'delete' && what.heir === what.role; // 409 where it would be allowed
        if (!isSame)
          expect({ isDone: answer.status < 300, status: answer.status }).toEqual(
            isAllowed(before, what) ? { isDone: true, status: expect.anything() } : { isDone: false, status: 403 },
          );
        const mine = endsOf(before, before.people.caller);
        for (const name of PEOPLE) {
          const then = endsOf(before, before.people[name]);
          for (const [right, end] of endsOf(after, after.people[name]))
            expect(end).toBeLessThanOrEqual(Math.max(then.get(right) ?? 0, mine.get(right) ?? 0));
        }
      }),
      { numRuns: 100 },
    );
  });
});
