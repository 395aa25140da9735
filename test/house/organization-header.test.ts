import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

let house: House;

beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

const MAIL = { to: 'guest@example.com', subject: 'Dear guest', text: 'Come in.' };
/** A call that does not say which organization it is about. */
const anywhere = (visitor: Visitor): Visitor => Object.assign(visitor, { organizationId: '' });

test('who belongs to one organization need not name it', async () => {
  const ada = await house.owner();
  (await anywhere(ada).post('/messages/email', MAIL)).expect(202);
  expect((await ada.get('/messages')).expect(200).data).toMatchObject([{ to: MAIL.to }]);
});

test('who belongs to two names one of them, and is there with the rights of that place', async () => {
  const [ada, grace] = [await house.owner(), await house.owner()];
  const [acme, orbit] = [ada.organizationId, grace.organizationId];
  (await grace.post('/organizations/:org/invites', { email: ada.user.email, role: 'Member' })).expect(201);
  await ada.join(await house.tokenFor(ada.user.email, 'invite'));
  anywhere(ada);

  (await ada.get('/messages')).problem(400, 'organization-required');
  (await ada.get('/messages', { 'organization-id': acme })).expect(200);
  (await ada.get('/messages', { 'organization-id': orbit })).problem(403, 'forbidden');
});

test('who belongs to none has to be told so', async () => {
  const ada = await house.user();
  (await ada.delete('/organizations/:org')).expect(204);
  (await anywhere(ada).get('/messages')).problem(400, 'organization-required');
});

test('what is named is checked like the organization of a path', async () => {
  const [ada, eve] = [await house.owner(), await house.owner()];
  (await ada.post('/messages/email', MAIL)).expect(202);
  for (const named of [ada.organizationId, 'acme', '', `${ada.organizationId}, ${eve.organizationId}`])
    (await eve.get('/messages', { 'organization-id': named })).problem(404, 'not-found');
  (await house.visitor().get('/messages', { 'organization-id': ada.organizationId })).problem(401, 'unauthenticated');
});
