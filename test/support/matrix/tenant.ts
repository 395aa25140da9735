import { randomBytes } from 'node:crypto';
import type { House } from '../house';
import { proofOf, someone, standing } from '../social/sign-in';
import { PASSWORD, type Visitor } from '../visitor';

import { attentionOf, paymentOf, planIn, subscriptionOf } from './billing';

/** An organization whose every row carries a word that nobody outside may ever read. */
export type Tenant = {
  id: string;
  canary: string;
  keeper: Visitor;
  colleague: Visitor;
  /** What each path parameter stands for here. */
  ids: Record<string, string>;
  /** A role that grants nothing. */
  roleName: string;
};

export const canaryOf = (place: string) => `canary-${place}-${randomBytes(4).toString('hex')}`;

/** Someone whose name and address carry a tenant's word. */
export function personOf(house: House, canary: string, part: string): Promise<Visitor> {
  const local = `${canary}-${part.replace(/\W/g, '-').toLowerCase()}-${randomBytes(3).toString('hex')}`;
  return house.user({ email: `${local}@example.com`, name: `${canary} ${part}` });
}

/** Has someone invited into an organization, and lets them accept. */
export async function join(
  house: House,
  { id, keeper }: Pick<Tenant, 'id' | 'keeper'>,
  person: Visitor,
  role: string,
): Promise<Visitor> {
  (await keeper.post(`/organizations/${id}/invites`, { email: person.user.email, role })).expect(201);
  return person.join(await house.tokenFor(person.user.email, 'invite'));
}

/** Puts an address on an organization's waiting list, and confirms it. */
export async function standInLine(house: House, keeper: Visitor, email: string): Promise<string> {
  const { slug } = (await keeper.get('/organizations/:org')).expect(200);
  (await house.visitor().post(`/public/${slug}/waitlist`, { email, name: email })).expect(202);
  const token = await house.tokenFor(email, 'waitlist');
  (await house.visitor().post('/public/waitlist/confirm', { token })).expect(200);
  return (await keeper.get('/organizations/:org/waitlist?limit=1')).expect(200).data[0].id;
}

/** Has an organization write to someone, who wants no more of it. */
export async function correspond(house: House, keeper: Visitor, canary: string) {
  const [to, words] = [`${canary}-customer@example.com`, { subject: canary, text: canary }];
  const template = (await keeper.post('/messages/templates', { key: canary, ...words })).expect(201);
  const message = (await keeper.post('/messages/email', { to, ...words, transactional: false })).expect(202);
  const token = await house.tokenFor(to, 'unsubscribe');
  (await house.visitor().post('/messages/unsubscribe', { token })).expect(204);
  const [suppression] = (await keeper.get(`/messages/suppressions?email=${to}`)).expect(200).data;
  return { templateId: template.id, messageId: message.id, suppressionId: suppression.id };
}

/** Founds an organization with something of everything in it. */
export async function foundTenant(house: House, place: string): Promise<Tenant> {
  const canary = canaryOf(place);
  const note = { note: canary };
  const keeper = await house.owner({
    name: `${canary} Keeper`,
    email: `${canary}-keeper@example.com`,
    organizationName: `${canary} Works`,
  });
  const id = keeper.organizationId;
  (await keeper.put('/organizations/:org', { slug: canary, settings: note })).expect(200);
  const [roleName, email] = [`${canary} Guest`, `${canary}-invited@example.com`];
  const guest = { name: roleName, description: canary, permissions: [] };
  const role = (await keeper.post('/organizations/:org/roles', guest)).expect(201);
  const invite = (await keeper.post('/organizations/:org/invites', { email, role: roleName })).expect(201);

  const colleague = await join(house, { id, keeper }, await personOf(house, canary, 'Colleague'), 'Member');
  colleague.userAgent = canary;
  const changes = { settings: note, extraRoles: [{ role: roleName }] };
  (await keeper.put(`/organizations/:org/members/${colleague.user.id}`, changes)).expect(200);
  (await colleague.put('/users/me', { profile: note })).expect(200);
  (await colleague.put('/users/me/settings', { loginAlerts: 'off' })).expect(200);
  (await colleague.put('/users/me/data/drafts', { value: note })).expect(200);
  const identity = someone({ email: `${canary}-elsewhere@example.com`, sub: canary });
  const proof = await proofOf(colleague, standing, identity);
  const link = { provider: standing.id, ...proof, currentPassword: PASSWORD };
  const { id: accountId } = (await colleague.post('/auth/social-accounts', link)).expect(201);
  const { sessionId } = (await (await house.deviceOf(colleague)).get('/auth/me')).expect(200);

  const text = { slug: canary, title: canary, body: canary };
  const { id: pageId } = (await keeper.post('/organizations/:org/pages', text)).expect(201);
  const { id: postId } = (await keeper.post('/organizations/:org/posts', text)).expect(201);
  const entryId = await standInLine(house, keeper, `${canary}-waiting@example.com`);

  await house.mailsTo(keeper.user.email); // what the keeper is told of the colleague is there now
  const [{ id: notificationId }] = (await keeper.get('/notifications')).expect(200).data;

  const paymentId = await paymentOf(house, { id, canary });
  await subscriptionOf(house, { id, canary });
  const planId = await planIn(house);

  const userId = colleague.user.id;
  const ids = { orgId: id, userId, roleId: role.id, inviteId: invite.id, notificationId, sessionId, key: 'drafts' };
  Object.assign(ids, { provider: standing.id, accountId });
  Object.assign(ids, { pageId, postId, entryId, orgSlug: canary, slug: canary });
  Object.assign(ids, { paymentId, planId, attentionId: await attentionOf(house, { id }) });
  Object.assign(ids, await correspond(house, keeper, canary));
  return { id, canary, keeper, colleague, ids, roleName };
}
