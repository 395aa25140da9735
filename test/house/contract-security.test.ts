import { Reflector } from '@nestjs/core';
import { AccessRule, type Rule } from '../../src/access/allow';
import { type Route, Routes } from '../../src/http/contract/routes';
import { contract, exampleBody, named, operations, parametersIn, urlOf } from '../support/operations';
import { House } from '../support/house';

let house: House;
let routes: Map<string, Route>;
beforeAll(async () => {
  house = await House.open({ METRICS_TOKEN: 'a token for metrics' });
  routes = new Map(
    house.app
      .get(Routes)
      .all()
      .map((route) => [route.method, route]),
  );
});
afterAll(() => house.close());

/** What the guard asks for, as a contract says it. */
const asked = (rule: Rule): object[] => {
  if (rule.kind !== 'public') return [{ bearer: [] }];
  if (rule.token) return [{ [rule.token]: [] }];
  return rule.knows ? [{}, { bearer: [] }] : [];
};

const NOBODYS = { orgId: '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55', userId: 'me', orgSlug: 'acme', slug: 'rockets' };

test.each(named())('%s asks in the contract for what its guard asks for', (id, { document }) => {
  expect(document.security).toEqual(asked(new Reflector().get(AccessRule, routes.get(id)!.handler)));
  for (const name of document.security.flatMap((one) => Object.keys(one)))
    expect(contract.components.securitySchemes).toHaveProperty(name);
});

test.each(named())(
  '%s lets in who brings no bearer, or one of nobody, where the contract says so alone',
  async (_, operation) => {
    const { security } = operation.document;
    const isWanted = security.length > 0 && security.every((one) => Object.keys(one).length > 0);
    const names = parametersIn(operation, 'path').map(({ name }) => [name, NOBODYS.orgId]);
    const url = urlOf(operation, { ...Object.fromEntries(names), provider: 'stripe', ...NOBODYS });
    for (const headers of [{}, { authorization: 'Bearer nobody' }] as Record<string, string>[]) {
      const answer = await house.visitor().call(operation.method, url, { body: exampleBody(operation), headers });
      const isRefused = answer.status === 401 && answer.body.code === 'unauthenticated';
      expect([headers, answer.text, isRefused]).toEqual([headers, answer.text, isWanted]);
      if (isRefused) expect(answer.headers['www-authenticate']).toBe('Bearer');
    }
  },
);

test('the token for metrics opens the metrics, and nothing else', async () => {
  const headers = { authorization: 'Bearer a token for metrics' };
  (await house.visitor().get('/metrics', headers)).expect(200);
  (await house.visitor().get('/auth/me', headers)).problem(401, 'unauthenticated');
  const ada = await house.owner();
  (await ada.get('/metrics')).problem(401, 'unauthenticated');
});

const NOTES: [string, string][] = [
  ['createInvite', 'Needs the permission `invites:create`.'],
  ['getMember', 'Needs the permission `members:read`'],
  ['getMe', 'Needs a signed-in caller.'],
  ['recordVersion', 'Needs the staff permission `versions:write`.'],
  ['login', 'Anyone may call this.'],
  ['acceptInvite', 'Anyone may call this; a bearer says who it is, and may be left out.'],
  ['getMetrics', 'Needs a token of its own.'],
];
test.each(NOTES)('%s says in words who may: %s', (id, note) => {
  expect(operations.find((one) => one.id === id)!.document.description).toContain(note);
});
test.each(named())('%s says in words who may call it', (_, { document, permission }) => {
  const last = document.description.split('\n\n').at(-1)!;
  expect(last).toMatch(/^(Needs|Anyone may) [^\n]+\.$/);
  if (permission.includes(':')) expect(last).toContain(`\`${permission.split('staff:').at(-1)}\``);
});
