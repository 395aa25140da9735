import { KeyRing } from '../../../src/kit/key-ring';
import { newId } from '../../../src/kit/id';
import { freshAddress, freshName } from '../fresh';
import { StripeStandIn } from '../providers/stripe.stand-in';
import { proofOf, someone, standing } from '../social/sign-in';
import { PASSWORD, type Visitor } from '../visitor';
import { attentionOf, paymentOf, planIn } from './billing';
import { correspond, join, personOf, standInLine } from './tenant';
import type { Kind } from './verdict';
import type { World } from './world';

export const METRICS_TOKEN = 'a token for the metrics of the matrix';

/** What a call that may succeed takes beyond the contract's examples. `{orgId}` and the like are those of home unless said here. */
export type Call = {
  caller?: Visitor;
  ids?: Record<string, string>;
  body?: Record<string, unknown>;
  headers?: Record<string, string>;
  /** A body that is sent as it is. */
  text?: string;
};
export type Scene = { world: World; kind: Kind; permission: string; caller: Visitor; self: boolean };
type Recipe = (scene: Scene) => Call | Promise<Call>;

const asIs: Recipe = () => ({});
const again = async ({ world, kind, permission }: Scene) => ({ caller: await world.newcomer(kind, permission) });
const colleague = async ({ world }: Scene) => ({ ids: { userId: (await newMember(world)).user.id } });
const newMember = async ({ house, home }: World) =>
  join(house, home, await personOf(house, home.canary, 'Passer-by'), home.roleName);
const oneself = (scene: Scene) => (scene.self ? again(scene) : colleague(scene));
const freshSlug = (canary: string) => freshName(canary).toLowerCase().replaceAll(' ', '-');

const role = async ({ world: { home } }: Scene) => {
  const { id } = (
    await home.keeper.post('/organizations/:org/roles', { name: freshName(home.canary), permissions: [] })
  ).expect(201);
  return { ids: { roleId: id } };
};
const invite = async ({ world: { home } }: Scene) => {
  const body = { email: freshAddress(home.canary), role: home.roleName };
  return { ids: { inviteId: (await home.keeper.post('/organizations/:org/invites', body)).expect(201).id } };
};
/** The link that comes of asking for it. */
const mailed =
  (path: string, purpose: 'reset-password' | 'magic-link') =>
  async ({ world: { house } }: Scene) => {
    const { email } = (await house.user()).user;
    (await house.visitor().post(path, { email })).expect(202);
    return {
      body: {
        token: await house.tokenFor(email, purpose),
        ...(purpose === 'reset-password' && { password: 'a brand new battery staple' }),
      },
    };
  };
const offered: Recipe = async ({ world }) => ({ body: { token: (await world.inviteElsewhere(freshAddress())).token } });

const document = async ({ caller }: Scene) => {
  (await caller.put('/users/me/data/drafts', { value: { mine: true } })).expect(200);
  return {};
};

const text =
  (kind: 'pages' | 'posts', name: string) =>
  async ({ world: { home } }: Scene) => {
    const body = { slug: freshSlug(home.canary), title: home.canary, body: home.canary };
    return { ids: { [name]: (await home.keeper.post(`/organizations/:org/${kind}`, body)).expect(201).id } };
  };
const [page, post] = [text('pages', 'pageId'), text('posts', 'postId')];
/** Who may write need not be one who may publish. */
const written: Recipe = ({ world }) => ({ body: { slug: freshSlug(world.home.canary), publishAt: undefined } });
const slugOf = async (owner: Visitor): Promise<string> => (await owner.get('/organizations/:org')).expect(200).slug;
/** What everyone may read is the founder's: it holds no secret. */
const blog: Recipe = async ({ world: { founder } }) => ({ ids: { orgSlug: await slugOf(founder) } });
const shown =
  (kind: 'pages' | 'posts') =>
  async ({ world: { founder } }: Scene) => {
    const orgSlug = await slugOf(founder);
    const body = { slug: freshSlug('shown'), title: 'Shown', body: 'Shown', publishAt: '2026-01-01T00:00:00Z' };
    (await founder.post(`/organizations/:org/${kind}`, body)).expect(201);
    return { ids: { orgSlug, slug: body.slug } };
  };
const waiting = async ({ world: { house, home } }: Scene) => ({
  ids: { entryId: await standInLine(house, home.keeper, freshAddress(home.canary)) },
});
/** Something that the caller was told. */
const told = async ({ world, caller }: Scene) => {
  const [id, now] = [newId(), '2026-01-31 12:00:00.000'];
  await world.house.query(
    `INSERT INTO notifications (id, user_id, message_id, type, params, created_at, updated_at, version)
     VALUES (?, ?, ?, 'organization.suspended', '{"organization":"Elsewhere"}', ?, ?, 1)`,
    [id, caller.user.id, id, now, now],
  );
  return { ids: { notificationId: id } };
};
/** Something to buy. */
const plan = async ({ world: { house } }: Scene) => ({ ids: { planId: await planIn(house) } });
const order = async (scene: Scene) => ({ body: { planId: (await plan(scene)).ids.planId } });
const payment = async ({ world: { house, home } }: Scene) => ({ ids: { paymentId: await paymentOf(house, home) } });
/** The window for refunds is used once for an organization. */
const refundable: Recipe = async ({ world, caller, kind, permission }) => {
  const orgId = await world.elsewhere(caller, kind, permission);
  const paymentId = await paymentOf(world.house, { id: orgId, canary: 'elsewhere' });
  return { ids: { orgId, paymentId }, headers: { 'organization-id': orgId } };
};
/** Something for a person to decide. */
const doubt: Recipe = async ({ world: { house, home } }) => ({
  ids: { attentionId: await attentionOf(house, home) },
  body: { action: 'ignore' },
});
/** Stripe tells of something that is nothing to us. */
const tidings: Recipe = () => {
  const { body, headers } = new StripeStandIn().sign({
    id: `evt_${newId()}`,
    object: 'event',
    type: 'customer.created',
    livemode: false,
    data: { object: { id: 'cus_1', object: 'customer' } },
  });
  return { ids: { provider: 'stripe' }, text: body, headers: { ...headers, 'content-type': 'application/json' } };
};
const plainWords = () => ({ subject: 'Hello', text: 'Hello', html: '<p>Hello</p>' });
const template = async ({ world: { home } }: Scene) => {
  const body = { ...plainWords(), key: freshName('mail').replaceAll(' ', '-') };
  return { ids: { templateId: (await home.keeper.post('/messages/templates', body)).expect(201).id } };
};
/** A mail that was sent, as it would be if it had not been: to be retried there is a dead letter, too. */
const givenUp = async ({ world: { house, home } }: Scene) => {
  const mail = { to: freshAddress(home.canary), subject: 'Hello', text: 'Hello' };
  const { id } = (await home.keeper.post('/messages/email', mail)).expect(202);
  await house.mailsTo(mail.to);
  await house.query('UPDATE email_messages SET failed_at = sent_at, sent_at = NULL WHERE id = ?', [id]);
  await house.query(
    `INSERT INTO outbox_messages (id, topic, handler, payload, attempts, created_at)
     VALUES (?, 'message.queued', 'MessagesMail.deliver', ?, 20, '2026-01-31 12:00:00.000')`,
    [id, house.app.get(KeyRing).seal(JSON.stringify({ payload: { organizationId: home.id } }), id)],
  );
  return { ids: { messageId: id } };
};
/** A code, hence no ID token. */
const proof = async ({ world: { house } }: Scene) => ({
  body: { ...(await proofOf(house.visitor(), standing, someone())), idToken: undefined, nonce: undefined },
});
const linked = async (scene: Scene) => {
  const { body } = await proof(scene);
  const link = { ...body, provider: standing.id, currentPassword: PASSWORD };
  return { ids: { accountId: (await scene.caller.post('/auth/social-accounts', link)).expect(201).id } };
};
/** Who was removed from an organization is told from which, and may read its name. */
const withoutPast: Recipe = async ({ world, kind }) => (kind === 'removed' ? { caller: await world.house.user() } : {});

/** One for each operation. A new route wants a line here: what makes a call of it succeed, again and again. */
export const RECIPES: Record<string, Recipe> = {
  listOrganizationActivity: asIs,
  listUserActivity: asIs,

  listUsers: asIs,
  createUser: () => ({ body: { email: freshAddress() } }),
  getUser: asIs,
  updateUser: async (scene) => ({
    ...(scene.self ? {} : await colleague(scene)),
    body: scene.kind === 'staff admin' ? {} : { status: undefined },
  }),
  deleteUser: oneself,
  getUserSettings: asIs,
  updateUserSettings: asIs,
  listUserData: asIs,
  getUserData: document,
  putUserData: asIs,
  deleteUserData: document,

  listPermissions: asIs,
  listRoles: asIs,
  createRole: ({ world }) => ({ body: { name: freshName(world.home.canary), permissions: [] } }),
  getRole: asIs,
  updateRole: async (scene) => ({
    ...(await role(scene)),
    body: { name: freshName(scene.world.home.canary), permissions: [] },
  }),
  deleteRole: role,

  listOrganizations: asIs,
  createOrganization: () => ({ body: { slug: freshSlug('elsewhere') } }),
  getOrganization: asIs,
  updateOrganization: ({ kind, world: { home } }) => ({
    body: {
      name: freshName(home.canary),
      slug: freshSlug(home.canary),
      ...(kind === 'staff admin' ? {} : { status: undefined }),
    },
  }),
  deleteOrganization: async ({ world, caller, kind, permission }) => ({
    ids: { orgId: await world.elsewhere(caller, kind, permission) },
  }),
  listMembers: asIs,
  getMember: asIs,
  updateMember: async (scene) =>
    scene.self
      ? { body: { role: undefined, extraRoles: undefined } }
      : {
          ...(await colleague(scene)),
          body: { role: scene.world.home.roleName, extraRoles: [{ role: scene.world.home.roleName }] },
        },
  removeMember: oneself,

  refresh: async ({ world }) => ({ body: { refreshToken: (await world.house.deviceOf(world.founder)).refreshToken } }),
  logout: again,
  listSessions: asIs,
  endOtherSessions: again,
  endSession: async ({ world, caller }) => ({
    ids: { sessionId: (await (await world.house.deviceOf(caller)).get('/auth/me')).expect(200).sessionId },
  }),
  getJwks: asIs,

  requestPasswordReset: asIs,
  confirmPasswordReset: mailed('/auth/reset-password', 'reset-password'),
  sendMailCode: asIs,
  changePassword: async (scene) => ({ ...(await again(scene)), body: { currentPassword: PASSWORD } }),
  signUp: () => ({ body: { email: freshAddress() } }),
  login: ({ world }) => ({ body: { email: world.founder.user.email, password: PASSWORD } }),
  getMe: asIs,
  listProviders: asIs,
  beginSocialLogin: asIs,
  socialLogin: proof,
  listSocialAccounts: asIs,
  linkSocialAccount: async (scene) => ({
    body: { ...(await proof(scene)).body, provider: standing.id, currentPassword: PASSWORD, mailCode: undefined },
  }),
  unlinkSocialAccount: linked,
  verifyEmail: async ({ world: { house } }) => {
    const { user } = await house.user({ verified: false });
    return { body: { token: await house.tokenFor(user.email, 'verify-email'), password: PASSWORD } };
  },
  resendVerification: asIs,
  requestMagicLink: asIs,
  verifyMagicLink: mailed('/auth/magic-link', 'magic-link'),

  listInvites: asIs,
  createInvite: ({ world: { home } }) => ({ body: { email: freshAddress(home.canary), role: home.roleName } }),
  getInvite: asIs,
  revokeInvite: invite,
  resendInvite: invite,
  previewInvite: offered,
  acceptInvite: async ({ world, kind, caller }) => {
    const { token } = await world.inviteElsewhere(kind === 'nobody' ? freshAddress() : caller.user.email);
    return { body: { token } };
  },
  declineInvite: offered,
  renewInvite: async ({ world }) => {
    const { id, token } = await world.inviteElsewhere(freshAddress());
    await world.house.query('UPDATE invites SET expires_at = created_at, open_until = created_at WHERE id = ?', [id]);
    return { body: { token } };
  },

  listPages: asIs,
  createPage: written,
  getPage: asIs,
  updatePage: async (scene) => ({ ...(await page(scene)), ...(await written(scene)) }),
  deletePage: page,
  publishPage: page,
  withdrawPage: page,
  readPage: shown('pages'),

  listPosts: asIs,
  createPost: written,
  getPost: asIs,
  updatePost: async (scene) => ({ ...(await post(scene)), ...(await written(scene)) }),
  deletePost: post,
  publishPost: post,
  withdrawPost: post,
  listPublicPosts: blog,
  readPost: shown('posts'),
  getFeed: blog,

  listWaitlist: asIs,
  inviteFromWaitlist: async (scene) => ({
    ...(await waiting(scene)),
    ...(scene.kind === 'only' && { caller: await scene.world.newcomer('Admin', '') }), // it takes invites:create as well
    body: { role: scene.world.home.roleName },
  }),
  removeFromWaitlist: waiting,
  joinWaitlist: async ({ world: { home } }) => ({
    ids: { orgSlug: await slugOf(home.keeper) },
    body: { email: freshAddress(home.canary) },
  }),
  confirmWaitlist: async ({ world: { house, home } }) => {
    const email = freshAddress(home.canary);
    (await house.visitor().post(`/public/${await slugOf(home.keeper)}/waitlist`, { email })).expect(202);
    return { body: { token: await house.tokenFor(email, 'waitlist') } };
  },

  listPlans: asIs,
  getPlan: plan,
  createPlan: () => ({ body: { code: freshSlug('plan') } }),
  updatePlan: plan,
  deletePlan: plan,
  payWithStripe: order,
  payWithFlutterwave: order,
  payWithLemonSqueezy: order,
  listPayments: asIs,
  getPayment: payment,
  verifyPayment: payment,
  listRefunds: payment,
  refundPayment: refundable,
  getSubscription: asIs,
  cancelSubscription: asIs,
  receivePaymentEvent: tidings,
  listPlatformPayments: asIs,
  listAttention: asIs,
  resolveAttention: doubt,

  listNotifications: withoutPast,
  streamNotifications: asIs,
  readNotification: told,
  readAllNotifications: asIs,
  deleteNotification: told,

  listVersions: asIs,
  getCurrentVersion: asIs,
  recordVersion: () => ({ body: { version: `1.0.0-${freshName('m').replaceAll(' ', '-')}` } }),

  listSystemTemplates: asIs,
  listTemplates: asIs,
  createTemplate: () => ({ body: { ...plainWords(), key: freshName('mail').replaceAll(' ', '-') } }),
  getTemplate: asIs,
  updateTemplate: async (scene) => ({ ...(await template(scene)), body: plainWords() }),
  deleteTemplate: template,
  previewTemplate: async (scene) => ({ ...(await template(scene)), body: { variables: {} } }),
  sendEmail: ({ world: { home } }) => ({ body: { to: freshAddress(home.canary) } }),
  listMessages: asIs,
  getMessage: asIs,
  retryMessage: givenUp,
  listSuppressions: asIs,
  removeSuppression: async ({ world: { house, home } }) => ({
    ids: await correspond(house, home.keeper, freshName(home.canary).replaceAll(' ', '-')),
  }),
  unsubscribe: async ({ world: { house, home } }) => {
    const to = freshAddress(home.canary);
    const mail = { to, subject: 'News', text: 'News', transactional: false };
    (await home.keeper.post('/messages/email', mail)).expect(202);
    return { body: { token: await house.tokenFor(to, 'unsubscribe') } };
  },

  exportUser: withoutPast,
  getLiveness: asIs,
  getReadiness: asIs,
  getMetrics: () => ({ headers: { authorization: `Bearer ${METRICS_TOKEN}` } }),
};
