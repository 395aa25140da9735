import { atOnce } from '../support/at-once';
import { House } from '../support/house';
import { guestAddress } from '../support/invitations';
import { stopTheClock } from '../support/still';
import type { Visitor } from '../support/visitor';

const INVITES = '/organizations/:org/invites';
const MINUTE = 60_000;

describe('an invite with an Idempotency-Key', () => {
  let house: House;
  let keys = 0;
  let owner: Visitor;

  beforeAll(async () => {
    house = await House.open();
    stopTheClock();
  });
  beforeEach(async () => {
    owner = await house.owner();
  });
  afterAll(() => house.close());

  const newKey = () => ({ 'idempotency-key': `key-${++keys}` });
  const invites = async (): Promise<{ id: string }[]> => (await owner.get(INVITES)).expect(200).data;

  /** As if a request with this key, the newest, were still running: its answer is not there yet. */
  async function halt(): Promise<void> {
    const [{ id }] = await house.query('SELECT id FROM idempotency_keys ORDER BY id DESC LIMIT 1');
    await house.query('UPDATE idempotency_keys SET answer = NULL WHERE id = ?', [id]);
  }

  test('is made once: who asks again gets the same answer', async () => {
    const [key, body] = [newKey(), { email: guestAddress(), role: 'Member' }];
    const first = await owner.post(INVITES, body, key);
    const again = await owner.post(INVITES, body, key);

    expect(first.expect(201).email).toBe(body.email);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect([again.status, again.text, again.type]).toEqual([201, first.text, first.type]);
    expect(first.headers.etag).toMatch(/^".+"$/);
    expect(again.headers.etag).toBe(first.headers.etag);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await invites()).toHaveLength(1);
    expect(await house.mailsTo(body.email)).toHaveLength(1);
  });

  test('is refused when the key was sent with another body', async () => {
    const key = newKey();
    (await owner.post(INVITES, { email: guestAddress(), role: 'Member' }, key)).expect(201);
    (await owner.post(INVITES, { email: guestAddress(), role: 'Member' }, key)).problem(422, 'idempotency-key-reused');
    expect(await invites()).toHaveLength(1);
  });

  test('without a key, or with another one, is another request', async () => {
    const body = { email: guestAddress(), role: 'Member' };
    (await owner.post(INVITES, body, newKey())).expect(201);
    (await owner.post(INVITES, body, newKey())).problem(409, 'invite-pending');
    (await owner.post(INVITES, body)).problem(409, 'invite-pending');
  });

  test('waits for nobody: while the first is under way the second is told so', async () => {
    const [key, body] = [newKey(), { email: guestAddress(), role: 'Member' }];
    (await owner.post(INVITES, body, key)).expect(201);
    await halt();

    const answer = await owner.post(INVITES, body, key);
    answer.problem(409, 'request-in-flight');
    expect(answer.headers['retry-after']).toBe('1');
    (await owner.post(INVITES, { ...body, role: 'Admin' }, key)).problem(422, 'idempotency-key-reused');
  });

  test('is made once, however many ask at once', async () => {
    const [key, body] = [newKey(), { email: guestAddress(), role: 'Member' }];
    const answers = await atOnce(8, () => owner.post(INVITES, body, key));

    const made = answers.filter(({ status }) => status === 201);
    expect(made.filter(({ headers }) => !headers['idempotency-replayed'])).toHaveLength(1);
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    for (const answer of answers) if (answer.status !== 201) answer.problem(409, 'request-in-flight');
    expect(await invites()).toHaveLength(1);
    expect(await house.mailsTo(body.email)).toHaveLength(1);
  });

  test('can be tried again with the key when it failed: nothing was done', async () => {
    const [key, body] = [newKey(), { email: guestAddress(), role: 'Pilot' }];
    (await owner.post(INVITES, body, key)).problem(422, 'role-unknown');
    (await owner.post(INVITES, { ...body, email: 'nobody' }, key)).problem(422, 'validation-failed');
    (await owner.post('/organizations/:org/roles', { name: 'Pilot', permissions: [] })).expect(201);

    const answer = await owner.post(INVITES, body, key);
    expect(answer.expect(201).role).toBe('Pilot');
    expect(answer.headers['idempotency-replayed']).toBeUndefined();
  });

  test('of a request that crashed can be made once its lease is over', async () => {
    const [key, body] = [newKey(), { email: guestAddress(), role: 'Member' }];
    const { id } = (await owner.post(INVITES, body, key)).expect(201);
    await halt();
    (await owner.delete(`${INVITES}/${id}`)).expect(204); // a crash leaves neither key nor deed; here the deed is taken back by hand

    house.clock.advance(MINUTE);
    (await owner.post(INVITES, body, key)).problem(409, 'request-in-flight');
    house.clock.advance(1);
    const answer = await owner.post(INVITES, body, key);
    expect(answer.expect(201).id).not.toBe(id);
    expect((await owner.post(INVITES, body, key)).text).toBe(answer.text);
  });

  test('belongs to its caller, its route and its organization', async () => {
    const [key, body] = [newKey(), { email: guestAddress(), role: 'Member' }];
    const other = await house.owner();
    const mine = (await owner.post(INVITES, body, key)).expect(201);
    const theirs = (await other.post(INVITES, body, key)).expect(201);

    expect(theirs.id).not.toBe(mine.id);
    const resent = await owner.post(`${INVITES}/${mine.id}/resend`, undefined, key);
    expect(resent.expect(200).id).toBe(mine.id);
    expect((await owner.post(`${INVITES}/${mine.id}/resend`, undefined, key)).text).toBe(resent.text);
    expect(await house.mailsTo(body.email)).toHaveLength(3);
  });

  test('is not replayed to who has lost the right', async () => {
    const admin = await house.member(owner, 'Admin');
    const [key, body] = [newKey(), { email: guestAddress(), role: 'Member' }];
    (await admin.post(INVITES, body, key)).expect(201);
    (await owner.put(`/organizations/:org/members/${admin.user.id}`, { role: 'Member' })).expect(200);

    (await admin.post(INVITES, body, key)).problem(403, 'forbidden');
  });

  test.each(['', 'k'.repeat(256)])('refuses a key of a length that none has', async (key) => {
    const { errors } = (
      await owner.post(INVITES, { email: guestAddress(), role: 'Member' }, { 'idempotency-key': key })
    ).problem(422, 'validation-failed');
    expect(errors[0].pointer).toBe('#/Idempotency-Key');
    expect(await invites()).toEqual([]);
  });

  test('keeps neither the key nor the answer in clear', async () => {
    const [key, body] = [{ 'idempotency-key': `plain-${++keys}` }, { email: guestAddress(), role: 'Member' }];
    (await owner.post(INVITES, body, key)).expect(201);
    const rows = JSON.stringify(await house.query('SELECT * FROM idempotency_keys'));
    expect(rows).not.toContain(body.email);
    expect(rows).not.toContain(key['idempotency-key']);
  });
});
