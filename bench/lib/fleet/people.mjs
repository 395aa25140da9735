// What people do while instances die: each goes on until it is over, asks again what was cut off, and writes down what was acknowledged.
import * as S from '../../shape.mjs';
import { idOf } from '../../targets/tenantry/ids.mjs';
import { pick } from '../mix.mjs';

const THOUGHT = 20; // milliseconds between an answer and the next request, on average
const READS = { b: 35, c: 35, d: 20, log: 10 };
const BIG = `/organizations/${idOf('organization', 1)}`;
const often = (share) => Math.random() < share;
const json = (method, path, headers, body, expect) => ({ method, path, headers, body: JSON.stringify(body), expect });
const get = (path, headers, expect = 200) => ({ method: 'GET', path, headers, expect });
const sessionOf = (token) => token.split('.')[0];
const counterOf = (token) => Number(token.split('.')[1]);

export async function reader(world, user) {
  const me = world.visitor();
  await world.whileOn(THOUGHT, async () => {
    const kind = pick(READS);
    if (kind === 'log') return me.ask('activity log', get(`${BIG}/activity-logs?limit=20`, user.auth));
    const { json: answer } = await me.ask(kind, world.ops[kind].build(user));
    world.notes.require(world.checks[kind](answer), `${kind} is right`, answer);
  });
}

/** A token used once has one successor, whoever asks, however often; who lost the answer asks again. Who lost the session stops. */
export async function refresher(world, user) {
  const tabs = [world.visitor(), world.visitor()];
  await world.whileOn(THOUGHT, async () => {
    const { refresh } = user,
      request = json('POST', '/auth/refresh', undefined, { refreshToken: refresh }, 200);
    const asking = often(0.1) ? tabs : tabs.slice(0, 1);
    const answers = await Promise.all(asking.map((tab) => tab.ask('g', request)));
    const successors = new Set(answers.map((one) => one.json?.refreshToken)),
      [next] = successors,
      isNext = successors.size === 1 && next && counterOf(next) === counterOf(refresh) + 1;
    if (!world.notes.require(isNext, 'a refresh token has one successor', refresh.slice(0, 40), [...successors]))
      return false;
    user.refresh = next;
    world.ledger.counters.set(sessionOf(user.refresh), counterOf(user.refresh));
    [user.grandparent, user.parent] = [user.parent, refresh];
  });
}

/** An invite made with a key is made once: also where the answer was lost, two ask at once, or one asks again later. */
export async function inviter(world, users) {
  const twins = [world.visitor(), world.visitor()];
  await world.whileOn(2 * THOUGHT, async () => {
    const user = users[Math.floor(Math.random() * users.length)],
      organizationId = idOf('organization', S.inviterOrg(user.n)),
      email = S.newEmail();
    const headers = { ...user.auth, 'idempotency-key': email };
    const request = json('POST', `/organizations/${organizationId}/invites`, headers, { email, role: 'Member' }, 201);
    const asking = often(0.1) ? twins : twins.slice(0, 1);
    const answers = await Promise.all(asking.map((twin) => twin.ask('f', request)));
    if (often(0.1)) answers.push(await twins[0].ask('f again', request));
    const ids = new Set(answers.map((one) => one.json?.id));
    world.notes.require(ids.size === 1, 'one key makes one invite', email, [...ids]);
    world.ledger.invites.push({ id: answers[0].json?.id, organizationId, email });
  });
}

/** Makes a member an Admin and a Member again; what they may do changes with the answer, on every instance. */
export async function changer(world, { admin, subject }) {
  const me = world.visitor(),
    path = `${BIG}/members/${idOf('user', subject.n)}`;
  const change = { userId: idOf('user', subject.n), acknowledged: 0, lost: 0, role: 'Member' };
  world.ledger.changes.push(change);
  const become = async (role, expect) => {
    const { lost } = await me.ask('change role', json('PUT', path, admin.auth, { role }, 200));
    change.acknowledged++;
    change.lost += lost;
    change.role = role;
    await world.everywhere(`${role} is what ${role} was made, at once`, get(`${BIG}/invites`, subject.auth, expect));
  };
  await world.whileOn(200, async () => {
    await become('Admin', 200);
    await become('Member', 403);
  });
}

/** Signs in, and half of the time out again: then the token is dead, on every instance. */
export async function signer(world, n) {
  const me = world.visitor(),
    form = { email: S.email(n), password: S.PASSWORD };
  await world.whileOn(1000, async () => {
    const { json: tokens } = await me.ask('a', json('POST', '/auth/login', undefined, form, 200)),
      id = tokens?.refreshToken && sessionOf(tokens.refreshToken);
    if (!id) return;
    const auth = { authorization: `Bearer ${tokens.accessToken}` };
    world.ledger.counters.set(id, 0);
    world.ledger.signIns.push(id);
    if (often(0.5)) return;
    const end = await me.once('sign out', { method: 'POST', path: '/auth/logout', headers: auth, expect: 204 });
    world.ledger.counters.delete(id);
    if (!end) return; // out or not
    world.ledger.ended.add(id);
    await world.everywhere('who signed out is out, at once', get('/auth/me', auth, 401));
  });
}

/** Someone comes with a token from two refreshes ago: the session ends, on every instance. */
export async function thief(world, user) {
  const me = world.visitor();
  await me.ask('stolen token', json('POST', '/auth/refresh', undefined, { refreshToken: user.grandparent }, 401));
  world.ledger.counters.delete(sessionOf(user.refresh));
  world.ledger.ended.add(sessionOf(user.refresh));
  await world.everywhere('a stolen token ends its session', get('/auth/me', user.auth, 401));
}
